import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Absent, type Contender } from '../core/runner.ts';

/** Where Debian puts Python; one in another place has no torch of Debian's. */
const PYTHON = '/usr/bin/python3';

/** PyTorch on one thread; absent where Python has no torch. */
export const pytorch: Contender = {
  id: 'pytorch',
  name: 'PyTorch',
  tolerance: 2e-6,
  prepare({ directory, stages }) {
    if (!existsSync(PYTHON)) throw new Absent(`there is no ${PYTHON}`);
    writeFileSync(join(directory, 'stages.json'), JSON.stringify(stages));
    return { command: PYTHON, args: [join(import.meta.dirname, '..', 'engines', 'pytorch.py'), directory] };
  },
};
