import { coordinatesOf } from '../equations/tensor.ts';
import { parameterShapes } from '../reference/interpreter.ts';
import { areEqual, difference, type MutableResidue, multiplyAddInto, type Residue, sum, zero } from './field.ts';
import type { Claim } from './proof.ts';
import type { Place, Session, Variables } from './session.ts';
import type { Tape } from './tape.ts';
import { type Scalar, Value } from './value.ts';

/** A gradient that is not the derivative. */
export interface GradientFault extends Place {
  /** What it contradicts, if not the claim that is looked into. */
  readonly claim?: Claim;
  readonly message: string;
}

/** What is wrong with the gradients of a session's model as the derivative of `loss`, a fault of a kind. */
export function gradientFaults(
  session: Session,
  variables: Variables,
  loss: Scalar | undefined,
): readonly GradientFault[] {
  return session.tape === undefined
    ? faultsAlong(session, variables, loss)
    : faultsOfSlots(session, variables, session.tape.adjointsOf(loss instanceof Value ? loss.node : 0));
}

/**
 * Whether Σ slope·gradient over all slots is the derivative along the slopes. Slopes are random and nothing that the
 * module computes depends on them, so one gradient that is wrong escapes with a probability of 1/p.
 */
function faultsAlong(session: Session, { parameters, gradients, input }: Variables, loss: Scalar | undefined) {
  const { ring, model, frozen } = session;
  const expected = session.slopeOf(loss);
  const found: MutableResidue = { hi: 0, lo: 0 };
  for (const [slot, gradient] of [...model.gradients].entries()) {
    const added = difference(ring.lift(gradient), gradients[slot]!);
    if (!frozen.has(slot)) multiplyAddInto(found, parameters[slot]!.slope!, added, found);
    else if (!areEqual(added, zero)) return [faultOf(session, slot)];
  }
  for (const [slot, gradient] of [...(model.inputGradient ?? [])].entries()) {
    multiplyAddInto(found, input[slot]!.slope!, ring.lift(gradient), found);
  }
  if (areEqual(found, expected)) return [];
  return [{ message: 'the gradients are not the derivative: that along a random direction is another' }];
}

/** Each slot against its own derivative. */
function faultsOfSlots(
  session: Session,
  { parameters, gradients, input }: Variables,
  adjoints: ReturnType<Tape['adjointsOf']>,
): readonly GradientFault[] {
  const { ring, model, network, frozen } = session;
  const faults: GradientFault[] = [];
  // One fault of a kind is enough: the rest follows from it.
  const note = (fault: GradientFault): void => {
    if (!faults.some(({ claim }) => claim === fault.claim)) faults.push(fault);
  };
  for (const [slot, gradient] of [...model.gradients].entries()) {
    const found: Residue = ring.lift(gradient);
    const derivative = frozen.has(slot) ? zero : adjoints.of(parameters[slot]!.node);
    if (areEqual(found, sum(gradients[slot]!, derivative))) continue;
    const name = nameOf(network, slot);
    const message = `backward sets the gradient of ${name}, where it should add to it`;
    if (areEqual(found, derivative)) note({ claim: 'addition', message, ...session.writerOf(model.gradients, slot) });
    else note(faultOf(session, slot));
  }
  if (model.inputGradient === undefined) return faults;
  for (const [slot, gradient] of [...model.inputGradient].entries()) {
    if (areEqual(ring.lift(gradient), adjoints.of(input[slot]!.node))) continue;
    const message = `the gradient of the input x[${coordinatesOf(network.input, slot).join(',')}] is not the derivative`;
    note({ message, ...session.writerOf(model.inputGradient, slot) });
  }
  return faults;
}

function faultOf(session: Session, slot: number): GradientFault {
  const message = `the gradient of ${nameOf(session.network, slot)} is not the derivative`;
  return { message, ...session.writerOf(session.model.gradients, slot) };
}

/** `conv2d1/kernel[0,1,0,2]` */
export function nameOf(network: Session['network'], slot: number): string {
  const parameter = parameterShapes(network).findLast(({ offset }) => offset <= slot)!;
  return `${parameter.name}[${coordinatesOf(parameter.shape, slot - parameter.offset).join(',')}]`;
}
