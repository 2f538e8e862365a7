export { type StudyFormat, type StudyOptions, study } from './study.ts';
export type { StudyNames, StudyValues } from './values.ts';
