export { checkSubject, type NetworkCheck } from './check.ts';
export { printCheck } from './report.ts';
export { type Subject, subjectOf } from './subject.ts';
