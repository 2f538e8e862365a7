import type { Command } from 'commander';

/** A command as help lists it; the rest is loaded when it runs. */
export interface ListedCommand {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** Every command. What it stands on takes a quarter of a second to load, which help and the others need not pay for. */
export const commandList: readonly ListedCommand[] = [
  {
    name: 'init',
    description: 'write a first spec, a configuration and an npm script',
    load: async () => (await import('./init.ts')).initCommand(),
  },
  {
    name: 'generate',
    description: 'write DIR/<name>.ts for each spec; without a spec, as longhand.config.ts says',
    load: async () => (await import('./generate.ts')).generateCommand(),
  },
  {
    name: 'check',
    description: 'check the generated code of each spec against the reference and finite differences',
    load: async () => (await import('./check.ts')).checkCommand(),
  },
  {
    name: 'bench',
    description: 'time every form of each spec on this machine and say which is the fastest',
    load: async () => (await import('./bench.ts')).benchCommand(),
  },
  {
    name: 'prove',
    description: 'prove in exact arithmetic that the emitted backward pass is the derivative of the forward pass',
    load: async () => (await import('./prove.ts')).proveCommand(),
  },
  {
    name: 'study',
    description: 'write DIR/<name>.html: equations, derivations, code and numbers of each spec on one page',
    load: async () => (await import('./study.ts')).studyCommand(),
  },
  {
    name: 'import',
    description: 'write DIR/NAME.net.json and DIR/NAME.safetensors from .onnx, .keras, .h5 or model.json',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  {
    name: 'export',
    description: 'write a spec and its weights for other tools',
    load: async () => (await import('./export.ts')).exportCommand(),
  },
  {
    name: 'weights',
    description: 'pack, unpack, show and compare files of weights',
    load: async () => (await import('./weights.ts')).weightsCommand(),
  },
];
