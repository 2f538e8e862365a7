import { givenOf, type Program } from '../equations/equation.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Extras } from '../forms/form.ts';
import { printCode } from '../print/typescript/code.ts';
import { arrayName } from '../print/typescript/text.ts';
import type { CalledPass } from '../schedule/calledPass.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { type ArrayView, declareArrays, declareState, hasIntegers } from './arrays.ts';
import { type FacadeView, type TrainingFacade, viewFacade, viewTraining } from './facade.ts';
import type { FormView, FunctionView } from './form.ts';
import { helperText } from './helperText.ts';
import { template } from './templates.ts';

const renderModule = template<ModuleView>('module');
const lastNaN = template<Record<string, never>>('lastNaN');

/** Everything that the module template interpolates; all decisions are taken here. */
interface ModuleView extends FacadeView {
  readonly arrays: readonly ArrayView[];
  readonly hasIntegers: boolean;
  readonly functions: readonly FunctionView[];
  readonly forwardCalls: readonly string[];
  readonly training: TrainingView | false;
  readonly helpers: readonly string[];
  readonly input: string;
  readonly output: string;
  /** Whether the functions have arrays in locals. */
  readonly takesArrays: boolean;
  /** Statements that copy `input` to where the functions read it. */
  readonly inputCopy: readonly string[];
}

interface TrainingView extends TrainingFacade {
  readonly lossCalls: readonly string[];
  readonly backwardCalls: readonly string[];
  /** Arrays of what `backward` is given, and of the loss. */
  readonly given: string;
  readonly loss: string;
  readonly stepCode: readonly string[];
}

/** The text of a module in TypeScript alone. */
export function printModule(
  network: ShapedNetwork,
  program: Program,
  form: FormView,
  { weights, onFunctions }: Pick<Extras, 'weights' | 'onFunctions'>,
): string {
  onFunctions?.(form.functions);
  const callsOf = (pass: CalledPass): string[] =>
    form.functions.filter((one) => one.pass === pass).map(({ name }) => name);
  const training = viewTraining(network, program, form.arraySuffix);
  const given = givenOf(program);
  const outer = (tensor: Tensor): string => `${arrayName(tensor)}${form.arraySuffix}`;
  return renderModule({
    ...viewFacade(network, program, 'Float64Array', form.macs, form.facts, weights, form.legend),
    arrays: [...declareArrays(program, form), ...(training ? program.step.state.map(declareState) : [])],
    hasIntegers: hasIntegers(form),
    functions: form.functions,
    forwardCalls: callsOf('forward'),
    inputCopy: form.inputCopy,
    training: training !== undefined &&
      given !== undefined && {
        ...training,
        inputGradient: program.inputGradient ? outer(program.inputGradient) : false,
        lossCalls: callsOf('loss'),
        backwardCalls: callsOf('backward'),
        given: outer(given),
        loss: program.loss ? outer(program.loss) : '',
        stepCode: printCode(form.step, '    '),
      },
    helpers: [...form.helpers.map(helperText), ...(form.hasScratch ? [lastNaN({}).trimEnd()] : [])],
    input: outer(program.input),
    output: outer(program.output),
    takesArrays: form.arraySuffix !== '',
  });
}
