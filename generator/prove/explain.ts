import { ts } from 'ts-morph';
import type { ShapedNetwork } from '../spec/network.ts';
import { areEqual, keyOf, type Residue } from './field.ts';
import { type PointName, pointOf } from './points.ts';
import type { Failure } from './proof.ts';
import { Names, type Naming, type Recording, record } from './recording.ts';
import { Repairer } from './repair.ts';
import type { RoundResult } from './round.ts';
import { Value } from './value.ts';

/** What a failed round was a round of. */
export interface Circumstances {
  readonly text: string;
  readonly network: ShapedNetwork;
  /** The point, and the one before it where there was one. */
  readonly points: readonly PointName[];
}

/**
 * The failures of a round with the statement to blame, as far as it is found: the round is run again while every name
 * that the text gives is recorded.
 */
export function explain({ failures, isOutputWrong, onKinks }: RoundResult, where: Circumstances): readonly Failure[] {
  const isForwardWrong = failures.some(({ claim }) => claim === 'reference');
  const roots = rootsOf(failures);
  const blamed = roots.find(({ claim }) => claim === (isForwardWrong ? 'reference' : 'gradient'));
  if (blamed === undefined || (onKinks && !isForwardWrong)) return roots;
  const { text, network, points } = where;
  const recording = record(
    text,
    network,
    points[0]!.seed,
    points.map((name) => pointOf(network, name)),
  );
  const search = isOutputWrong ? wrongForward : isForwardWrong ? wrongLoss : wrongBackward;
  const cause = search(recording);
  if (cause === undefined) return roots;
  const explained = { ...blamed, message: `${blamed.message}: ${cause.message}`, line: cause.line };
  return [explained, ...roots.filter((failure) => failure !== blamed)];
}

/** Of a wrong forward pass the backward pass is another function's, and its failures follow. */
export function rootsOf(failures: readonly Failure[]): readonly Failure[] {
  const isForwardWrong = failures.some(({ claim }) => claim === 'reference');
  return isForwardWrong ? failures.filter(({ claim }) => claim !== 'gradient' && claim !== 'kinks') : failures;
}

interface Cause {
  readonly message: string;
  readonly line: number;
}

/** The first number of the backward pass that is not the derivative that its name says. */
function wrongBackward(recording: Recording): Cause | undefined {
  const { forward, backward, session } = recording;
  const names = new Names(recording);
  for (const naming of forward) names.add(naming);
  const named = new Map(forward.map(({ name, value }) => [name, value]));
  const times = new Map<string, number>();
  for (const { name } of backward) times.set(name, (times.get(name) ?? 0) + 1);
  for (const naming of backward) {
    const expected = times.get(naming.name) === 1 ? expectedDerivative(naming, recording, named) : undefined;
    if (expected !== undefined && !areEqual(session.ring.lift(naming.value), expected)) {
      return (
        causeOf(naming, [expected], names, recording) ?? unexplained(naming, recording, `not ∂L/∂${subject(naming)}`)
      );
    }
    names.add(naming);
  }
  return undefined;
}

/** What a number should be that is added to a gradient, or called d and the name of a number of the forward pass. */
function expectedDerivative(
  { name, array, at }: Naming,
  { session, variables, adjoints }: Recording,
  named: ReadonlyMap<string, unknown>,
): Residue | undefined {
  const { model, frozen } = session;
  if (array?.memory === model.gradients.memory) {
    const slot = array.offset + at;
    return frozen.has(slot) ? undefined : adjoints.of(variables.parameters[slot]!.node);
  }
  if (array !== undefined && array.memory === model.inputGradient?.memory) {
    return adjoints.of(variables.input[array.offset + at]!.node);
  }
  const original = name.startsWith('d') ? named.get(name.slice(1)) : undefined;
  return original instanceof Value && adjoints.knows(original.node) ? adjoints.of(original.node) : undefined;
}

/** The statement that computes the loss, if one change makes it the reference's. */
function wrongLoss(recording: Recording): Cause | undefined {
  const { forward, backward, returned, expectedLoss, session } = recording;
  const names = new Names(recording);
  for (const naming of forward) names.add(naming);
  for (const naming of backward) {
    if (naming.value === returned) return causeOf(naming, [session.ring.lift(expectedLoss)], names, recording);
    names.add(naming);
  }
  return undefined;
}

/** Suspects of the forward pass that are looked into, and numbers of the reference that they might have to be. */
const most = { suspects: 24, wanted: 300 };

/** The first number of the forward pass that one change would turn into a number of the reference that is missing. */
function wrongForward(recording: Recording): Cause | undefined {
  const { forward, reference, session } = recording;
  const computed = new Set(forward.map(({ value }) => keyOf(session.ring.lift(value))));
  const tensors = [...reference.preActivations.values(), ...reference.outputs.values()];
  const values = tensors.flatMap((tensor) => [...tensor.values].map((value) => session.ring.lift(value)));
  const known = new Set(values.map(keyOf));
  const wanted = values.filter((value) => !computed.has(keyOf(value))).slice(0, most.wanted);
  const names = new Names(recording);
  let suspects = 0;
  for (const naming of forward) {
    const isSuspect = naming.value instanceof Value && !known.has(keyOf(naming.value));
    if (isSuspect && suspects++ < most.suspects) {
      const cause = causeOf(naming, wanted, names, recording);
      if (cause !== undefined) return cause;
    }
    names.add(naming);
  }
  return undefined;
}

/** The change of a number's expression that makes it one of those wanted. */
function causeOf(
  naming: Naming,
  wanted: readonly Residue[],
  names: Names,
  { session, source }: Recording,
): Cause | undefined {
  const expression = expressionAt(source, naming.position);
  if (expression === undefined) return undefined;
  const repairer = new Repairer(session.ring, names);
  const found = repairer.valueOf(expression);
  if (found === undefined || !areEqual(session.ring.lift(found), session.ring.lift(naming.value))) return undefined;
  for (const residue of wanted) {
    const repair = repairer.repair(expression, residue);
    if (repair !== undefined) {
      const line = lineAt(source, repair.node.getStart());
      return { line, message: `line ${line}: ${repair.advice}` };
    }
  }
  return undefined;
}

function unexplained({ name, position }: Naming, { source }: Recording, what: string): Cause {
  const line = lineAt(source, position);
  return { line, message: `line ${line}: \`${name}\` is ${what}` };
}

/** `dz1_0` is about `z1_0`. */
function subject({ name }: Naming): string {
  return name.startsWith('d') ? name.slice(1) : name;
}

function lineAt(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

/** The largest expression that begins at a position and is a value on its own. */
function expressionAt(source: ts.SourceFile, position: number): ts.Expression | undefined {
  const within = (node: ts.Node): ts.Expression | undefined => {
    const { parent } = node;
    if (node.getStart() === position) {
      const isInitializer = ts.isVariableDeclaration(parent) && parent.initializer === node;
      if (isInitializer || (ts.isBinaryExpression(parent) && isAssigned(parent, node))) return node as ts.Expression;
    }
    return ts.forEachChild(node, (child) =>
      child.pos <= position && position < child.end ? within(child) : undefined,
    );
  };
  return ts.forEachChild(source, (child) =>
    child.pos <= position && position < child.end ? within(child) : undefined,
  );
}

function isAssigned({ operatorToken: { kind }, right }: ts.BinaryExpression, node: ts.Node): boolean {
  return right === node && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
