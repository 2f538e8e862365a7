import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportOnnx } from '../../generator/exchange/onnx/export/exportOnnx.ts';
import { stages } from '../../generator/pipeline.ts';
import { isPlain, type NetworkSpec } from '../core/network.ts';
import { Absent, type Contender, type Program } from '../core/runner.ts';
import type { EngineName } from '../engines/list.ts';
import { onnxModel } from '../onnx/model.ts';

interface Definition extends Omit<Contender, 'prepare'> {
  /** Its engine in engines/. */
  readonly engine: EngineName;
  readonly options?: readonly string[];
  /** Why it does not take part in a network; undefined where it does. */
  readonly absent?: (spec: NetworkSpec) => string | undefined;
}

/** A contender whose engine runs in a Node process of its own. */
export function inJavaScript({ engine, options = [], absent, ...contender }: Definition): Contender {
  return {
    ...contender,
    inNode: true,
    async prepare({ spec, samples, directory }) {
      const reason = absent?.(spec);
      if (reason !== undefined) throw new Absent(reason);
      if (engine === 'onnxruntime') {
        writeFileSync(join(directory, 'model.onnx'), await modelOf(spec, samples.parameters));
      }
      return workerProgram(engine, directory, options);
    },
  };
}

/** How an engine is started. */
export function workerProgram(engine: EngineName, directory: string, options: readonly string[] = []): Program {
  const worker = join(import.meta.dirname, '..', 'worker.ts');
  const flags = ['--expose-gc', '--no-warnings', '--import', 'tsx'];
  return { command: process.execPath, args: [...flags, worker, engine, directory, ...options] };
}

async function modelOf(spec: NetworkSpec, parameters: readonly number[]): Promise<Uint8Array> {
  if (isPlain(spec)) return onnxModel(spec, parameters);
  return exportOnnx(stages.shape(stages.parse(structuredClone(spec))), Float64Array.from(parameters));
}
