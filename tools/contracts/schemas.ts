import { toJsonSchema } from '@valibot/to-json-schema';
import type { JsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { connectorRequestSchema, requestSchema } from '../../src/messages/request.ts';
import { resultSchema } from '../../src/cancellation/result.ts';
import { approvalSchema } from '../../src/sweeps/approval.ts';
import { sweepReportSchema } from '../../src/sweeps/report.ts';
import { triggerSchema } from '../../src/sweeps/trigger.ts';
import { descriptions } from './descriptions.ts';

/** The JSON Schemas of what other programs send and read, made of the code's own schemas. */

interface Contract {
  readonly file: string;
  readonly title: string;
  readonly schema: GenericSchema;
  /** Rules that the schema cannot express and the code checks. */
  readonly more?: JsonSchema;
}

const contracts: readonly Contract[] = [
  {
    file: 'request',
    title: 'A cancel request',
    schema: requestSchema,
    more: {
      oneOf: ['operation', 'operations', 'job', 'jobs'].map((field) => ({ required: [field] })),
    },
  },
  {
    file: 'connector-request',
    title: 'A cancel request in the form of the Workflows connector',
    schema: connectorRequestSchema,
  },
  { file: 'trigger', title: 'A message that starts a sweep', schema: triggerSchema },
  { file: 'approval', title: 'A message that approves a dry run', schema: approvalSchema },
  {
    file: 'result',
    title: 'The result of a request',
    schema: resultSchema,
    more: { oneOf: [{ required: ['operation'] }, { required: ['job'] }] },
  },
  { file: 'sweep-report', title: 'The report of a sweep', schema: sweepReportSchema },
];

/** Each schema as it stands in `docs/schemas/`, by the name of its file. */
export function generateSchemas(): ReadonlyMap<string, string> {
  return new Map(
    contracts.map(({ file, title, schema, more }) => {
      // The last schema of a pipe; those before it are checks that JSON Schema cannot express.
      const made = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'output', target: 'draft-2020-12' });
      const { $schema, ...body } = made;
      const described = describe(body, file, '');
      return [`${file}.json`, `${JSON.stringify({ $schema, title, ...described, ...more }, undefined, 2)}\n`];
    }),
  );
}

/** Puts a description to each field, from its path: what a field is for is no part of how it is checked. */
function describe(schema: JsonSchema, file: string, path: string): JsonSchema {
  const described: JsonSchema = { ...schema };
  if (schema.properties !== undefined) {
    described.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, inner]) => {
        const place = path === '' ? name : `${path}.${name}`;
        const description = descriptions[file]?.[place] ?? descriptions.common?.[place];
        if (description === undefined) throw new Error(`${file}.json: no description of ${place}`);
        return [name, { description, ...describe(inner as JsonSchema, file, place) }];
      }),
    );
  }
  if (typeof schema.items === 'object' && !Array.isArray(schema.items)) {
    described.items = describe(schema.items, file, path);
  }
  for (const key of ['anyOf', 'oneOf'] as const) {
    const options = schema[key];
    if (options !== undefined)
      described[key] = options.map((option) => describe(option as JsonSchema, file, path));
  }
  return described;
}
