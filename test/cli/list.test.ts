import { expect, it } from 'vitest';
import { commandList } from '../../generator/commands/list.ts';

it.each(commandList)('help says of $name what the command says of itself', async ({ name, description, load }) => {
  const command = await load();
  expect([command.name(), command.description()]).toEqual([name, description]);
});
