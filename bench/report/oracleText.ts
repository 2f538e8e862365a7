import type { OracleResult } from '../oracle/oracle.ts';

/** The comparison with TensorFlow.js as Markdown. */
export function oracleText({ networks, seed, rows, repeated, tied, failure, unseen }: OracleResult): string {
  const lines = rows.map(({ feature, networks: count, worstOutput, worstGradient }) => {
    const cells = [feature, count, worstOutput.toExponential(1), worstGradient.toExponential(1)];
    return `| ${cells.join(' | ')} |`;
  });
  return `# TensorFlow.js as an oracle

${networks} random networks (seed ${seed}), each with generated code in float64 beside TensorFlow.js in float32; errors
relative to the largest number of a tensor. ${repeated} needed other numbers, as float32 fell on the other side of a kink;
in ${tied} no gradient was compared, as \`ties: 'all'\` met a tie.

| networks with | how many | worst output | worst gradient |
| --- | ---: | ---: | ---: |
${lines.join('\n')}
${unseen.length > 0 ? `\nNever seen: ${unseen.join(', ')}.\n` : ''}${
  failure
    ? `\nThe smallest network that disagrees: ${failure.message}\n\n\`\`\`json\n${JSON.stringify(failure.spec)}\n\`\`\`\n`
    : ''
}`;
}
