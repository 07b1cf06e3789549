/**
 * Reads the blocks of a file as `terraform fmt` writes it: enough for variables and outputs, and no more of the
 * language.
 */
export interface Block {
  readonly name: string;
  /** On one line; undefined if there is no description. */
  readonly description: string | undefined;
  /** `string`, `list(object)`, …, without the fields of an object. For `any`, the type in the variable's comment. */
  readonly type: string | undefined;
  /** As written; undefined if there is no default and a value is required. */
  readonly default: string | undefined;
}

/** @param kind `variable` or `output` */
export function blocksOf(text: string, kind: string): readonly Block[] {
  return [...text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{\n(.*?)^\\}`, 'gms'))].map(
    ([, name = '', body = '']) => ({
      name,
      description: descriptionOf(body),
      type: typeOf(body),
      default: attribute(body, 'default'),
    }),
  );
}

function descriptionOf(body: string): string | undefined {
  const [, lines] = /^ {2}description = <<-EOT\n(.*?)^ {2}EOT$/ms.exec(body) ?? [];
  if (lines !== undefined) return lines.trim().replaceAll(/\s+/g, ' ');
  const [, quoted] = /^ {2}description = (".*")$/m.exec(body) ?? [];
  return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
}

function typeOf(body: string): string | undefined {
  const type = attribute(body, 'type');
  const line = type === 'any' ? /^ {2}# (\w+\(.*)$/m.exec(body)?.[1] : type;
  if (!line?.endsWith('({')) return line;
  const outer = line.slice(0, -'({'.length);
  return outer + ')'.repeat(outer.split('(').length - outer.split(')').length);
}

/** The first line of an attribute's value. */
function attribute(body: string, name: string): string | undefined {
  return new RegExp(`^ {2}${name} += (.*)$`, 'm').exec(body)?.[1];
}
