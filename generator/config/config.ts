import { z } from 'zod';
import { type WeightPrecision, weightPrecisions } from '../exchange/weights/pack.ts';
import { type Form, forms, type GenerateOptions, languages } from '../pipeline.ts';

/** How modules are written: the options of `longhand generate`, by the same names. */
export interface ModuleOptions extends Omit<GenerateOptions, 'weights' | 'origins'> {
  /** A file of weights to build in; relative to the configuration. */
  readonly weights?: string;
  /** The folder to write to, relative to the configuration; that of the configuration where absent. */
  readonly out?: string;
  /** The files' name without its ending, `[name]` being the network's; `'[name]'` where absent. */
  readonly fileName?: string;
  /** Also `longhand.d.ts`: the types of `import { createModel } from './digits.net.json?longhand'`, for the plugin. */
  readonly typedImports?: boolean;
  /** In the form wasm, also `<name>.wasm`: for engines that compile nothing at run time. */
  readonly wasmFile?: boolean;
  /** Also a source map: a line of the module leads to its layer in the spec. */
  readonly sourceMap?: boolean;
}

/** A spec, or several, with options of its own. */
export interface SpecEntry extends ModuleOptions {
  /** A `*.net.json` or `*.net.ts` file or a pattern of them, relative to the configuration. */
  readonly spec: string;
}

/** What a `longhand.config.ts`, `.js` or `.json` says. */
export interface LonghandConfig extends ModuleOptions {
  readonly $schema?: string;
  readonly specs: string | readonly (string | SpecEntry)[];
}

/** Gives a configuration its type, so that an editor completes and checks it. */
export function defineConfig(config: LonghandConfig): LonghandConfig {
  return config;
}

const boolean = z.boolean({ error: 'expected true or false' }).optional();
const text = z.string({ error: 'expected a string' });

const moduleShape = {
  out: text.optional().describe('The folder to write to, relative to the configuration.'),
  fileName: text
    .regex(/^[\w.-]*\[name\][\w.-]*$/, { error: "expected a file name with [name] in it, such as '[name].gen'" })
    .optional()
    .describe("The files' name without its ending; [name] is the network's."),
  form: z.enum(forms as unknown as [Form, ...Form[]], { error: `expected one of ${forms.join(', ')}` }).optional(),
  inference: boolean.describe('Only forward: smaller.'),
  inputGradient: boolean.describe('backward computes the gradient of the input as well.'),
  deterministic: boolean.describe('In the form wasm: the same bits on every engine.'),
  winograd: boolean.describe(
    'Convolutions by transformed tiles; where absent, in the forms fast and wasm, there unless deterministic.',
  ),
  maxTerms: z
    .int({ error: 'expected a positive integer' })
    .positive({ error: 'expected a positive integer' })
    .optional()
    .describe('Terms that may be written out at most.'),
  weights: text.optional().describe('A file of weights to build in, relative to the configuration.'),
  precision: z
    .enum(weightPrecisions as readonly WeightPrecision[] as [WeightPrecision, ...WeightPrecision[]], {
      error: `expected one of ${weightPrecisions.join(', ')}`,
    })
    .optional()
    .describe('How built-in weights are kept; float32 where absent.'),
  explain: boolean.describe('Derivations above the equations of gradients, in comments.'),
  typedImports: boolean.describe("Also longhand.d.ts: the types of imports such as './digits.net.json?longhand'."),
  wasmFile: boolean.describe('In the form wasm, also <name>.wasm, for engines that compile nothing at run time.'),
  sourceMap: boolean.describe('Also a source map: a line of the module leads to its layer in the spec.'),
  companion: boolean.describe('Also <name>.weights.ts, which reads and writes safetensors files.'),
  language: z
    .enum(languages, { error: `expected one of ${languages.join(', ')}` })
    .optional()
    .describe('ts, or js: JavaScript with a file of types.'),
};

const pattern = text.min(1, { error: 'expected the name of a spec, or a pattern' });
const entry = z.strictObject({ spec: pattern, ...moduleShape });
const specsError = 'expected a spec, a pattern, or an array of such or of objects with one as their spec';

export const configSchema = z.strictObject({
  $schema: text.optional(),
  specs: z.union([pattern, z.array(z.union([pattern, entry])).min(1)], { error: specsError }),
  ...moduleShape,
});
