import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportPytorch } from '../../generator/exchange/pytorch/exportPytorch.ts';
import { stages as pipeline } from '../../generator/pipeline.ts';
import { isPlain } from '../core/network.ts';
import { Absent, type Contender } from '../core/runner.ts';

/** Where Debian puts Python; one in another place has no torch of Debian's. */
const PYTHON = '/usr/bin/python3';

/** PyTorch on one thread; absent where Python has no torch. */
export const pytorch: Contender = {
  id: 'pytorch',
  name: 'PyTorch',
  tolerance: 2e-6,
  takesAnyLayer: true,
  prepare({ directory, spec, stages }) {
    if (!existsSync(PYTHON)) throw new Absent(`there is no ${PYTHON}`);
    writeFileSync(join(directory, 'stages.json'), JSON.stringify(stages));
    if (!isPlain(spec)) {
      const [model] = exportPytorch(pipeline.shape(pipeline.parse(structuredClone(spec))));
      writeFileSync(join(directory, 'model.py'), model!.content);
    }
    const engine = isPlain(spec) ? 'pytorch.py' : 'pytorchExported.py';
    return { command: PYTHON, args: [join(import.meta.dirname, '..', 'engines', engine), directory] };
  },
};
