import type { Form } from '../../generator/pipeline.ts';

/** The forms that longhand writes; what holds for random networks must hold in each. */
export const forms = ['unrolled', 'fast'] as const satisfies readonly Form[];
