export type Task = 'forward' | 'step';

/** One implementation of one network, ready to be checked and timed. */
export interface Runner {
  readonly name: string;
  /** Largest difference to the reference that its number format explains. */
  readonly tolerance: number;
  /** What a reader must know to compare this row fairly. */
  readonly note?: string;
  /** Back to the initial parameters. */
  reset(): Promise<void>;
  /** Does the task on `count` samples, from the first on and in a cycle, and returns ns per sample. */
  run(task: Task, count: number, rate: number): Promise<number>;
  /** The output for one sample. */
  output(sample: number): Promise<number[]>;
  /** All parameters, in the order of the generated module. */
  parameters(): Promise<number[]>;
  close(): void;
}
