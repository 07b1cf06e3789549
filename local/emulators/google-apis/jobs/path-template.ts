/** The values of the variables of a path, decoded. */
export type PathVariables = Readonly<Record<string, string>>;

/** A path such as `v1/projects/{project}/jobs/{id}`, ready to be matched. */
export interface PathTemplate {
  /** The variables of a path without its first slash; undefined where it is another path. */
  match(path: string): PathVariables | undefined;
}

const VARIABLE = /\{([a-zA-Z]+)\}/g;

/**
 * Makes a template ready. A variable is one segment: a project may have a colon in it (`example.com:p`), an
 * id has none, because what follows one is the method.
 */
export function pathTemplate(text: string): PathTemplate {
  const names = [...text.matchAll(VARIABLE)].map(([, name = '']) => name);
  const plain = text.replace(/[\\^$.*+?()[\]|]/g, '\\$&');
  const pattern = new RegExp(
    `^${plain.replace(VARIABLE, (_, name: string) => (name === 'project' ? '([^/]+)' : '([^/:]+)'))}$`,
  );
  return {
    match(path) {
      const values = pattern.exec(path)?.slice(1).map(decoded);
      if (!values || values.includes(undefined)) return undefined;
      return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
    },
  };
}

/** Fills the variables in. */
export function filled(text: string, variables: PathVariables): string {
  return text.replace(VARIABLE, (_, name: string) => variables[name] ?? '');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
