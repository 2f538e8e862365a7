export { type StudyFormat, type StudyOptions, study, studyFormats } from './study.ts';
export type { StudyNames, StudyValues } from './values.ts';
