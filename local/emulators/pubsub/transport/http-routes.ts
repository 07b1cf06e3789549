import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Operation, Operations } from '../api/operations.ts';
import { serviceDefinition } from './service-definition.ts';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

/** A method of google.pubsub.v1 with an HTTP binding. */
export interface HttpRoute {
  readonly httpMethod: string;
  readonly path: RegExp;
  /** The field of the request that gets the name in the path: `topic`, or `subscription.name`. */
  readonly nameField: readonly string[];
  /** Whether the fields come as a JSON body, not in the query. */
  readonly hasBody: boolean;
  /** Absent if the method is not offered. */
  readonly operation: Operation | undefined;
  readonly requestType: MessageTypeDefinition<object, object>;
  readonly responseType: MessageTypeDefinition<object, object>;
}

interface HttpRule {
  readonly body?: string;
  readonly [httpMethod: string]: string | undefined;
}

/** The routes that the google.api.http options of pubsub.proto declare. */
export function httpRoutes({ publisher, subscriber }: Operations): HttpRoute[] {
  return [
    ...routesOf('google.pubsub.v1.Publisher', publisher),
    ...routesOf('google.pubsub.v1.Subscriber', subscriber),
  ];
}

function routesOf(service: string, operations: Readonly<Record<string, Operation>>): HttpRoute[] {
  const methods = Object.entries(serviceDefinition[service] as ServiceDefinition);
  return methods.flatMap(([name, method]) => {
    const { options, requestType, responseType } = method as unknown as {
      options: Record<string, HttpRule | undefined>;
      requestType: HttpRoute['requestType'];
      responseType: HttpRoute['responseType'];
    };
    const rule = options['(google.api.http)'];
    if (rule === undefined) return [];
    return Object.entries(rule).flatMap(([httpMethod, template]) => {
      if (httpMethod === 'body' || template === undefined) return [];
      const hasBody = rule.body !== undefined;
      const operation = operations[name];
      return [
        {
          httpMethod: httpMethod.toUpperCase(),
          ...parse(template),
          hasBody,
          operation,
          requestType,
          responseType,
        },
      ];
    });
  });
}

// "/v1/{topic=projects/*/topics/*}:publish" (google/api/http.proto; the templates here have one variable
// each).
function parse(template: string): { path: RegExp; nameField: string[] } {
  const [, before = '', field = '', pattern = '', after = ''] = /^(.*){(.*)=(.*)}(.*)$/.exec(template) ?? [];
  const path = new RegExp(`^${before}(${pattern.replaceAll('*', '[^/]+')})${after}$`);
  return { path, nameField: field.split('.') };
}
