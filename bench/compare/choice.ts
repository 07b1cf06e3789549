/**
 * Reads a list such as `cold,load`, in which nothing stands for all.
 *
 * @returns the chosen ones in the order that they have among the known; or what is wrong with the list
 */
export function chooseFrom<Name extends string>(
  known: readonly Name[],
  text: string,
): readonly Name[] | { readonly problem: string } {
  if (text === '') return known;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(known as readonly string[]).includes(name));
  if (unknown === undefined) return known.filter((name) => names.includes(name));
  return { problem: `there is no ${JSON.stringify(unknown)}; there are ${known.join(', ')}` };
}
