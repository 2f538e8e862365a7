import type { Member } from '../../loops/member.ts';
import type { ScheduledNest } from '../../loops/schedule.ts';
import type { Rule } from '../rule.ts';

/** A rule for numbers one by one. */
export type ScalarRule = Rule<readonly Member[], readonly ScheduledNest[]>;
