import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { serviceDefinition } from './service-definition.ts';

/** A google.protobuf.FieldDescriptorProto, as proto-loader gives it; names are camelCase already. */
export interface FieldDescriptor {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}

/** A google.protobuf.DescriptorProto, likewise. */
export interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
  readonly options: { readonly mapEntry?: boolean } | null;
}

/** The form of a field in the protobuf JSON mapping (protobuf.dev/programming-guides/json). */
export type FieldShape =
  | { readonly kind: 'scalar'; readonly type: string }
  | { readonly kind: 'well-known'; readonly type: 'Duration' | 'Timestamp' | 'FieldMask' }
  | { readonly kind: 'map'; readonly value: FieldDescriptor; readonly within: MessageDescriptor }
  | { readonly kind: 'message'; readonly message: MessageDescriptor };

/** The descriptor of a method's request or response. */
export function descriptorOf(definition: MessageTypeDefinition<object, object>): MessageDescriptor {
  return definition.type as MessageDescriptor;
}

/** The shape of a field's values, of each one if it is repeated. */
export function shapeOf(field: FieldDescriptor, within: MessageDescriptor): FieldShape {
  if (field.type !== 'TYPE_MESSAGE') return { kind: 'scalar', type: field.type };
  const type = field.typeName.split('.').at(-1) ?? '';
  if (type === 'Duration' || type === 'Timestamp' || type === 'FieldMask')
    return { kind: 'well-known', type };
  const nested = within.nestedType.find(({ name }) => name === type);
  const value = nested?.field.find(({ name }) => name === 'value');
  if (nested?.options?.mapEntry && value) return { kind: 'map', value, within: nested };
  const topLevel = serviceDefinition[`google.pubsub.v1.${type}`] as
    MessageTypeDefinition<object, object> | undefined;
  const message = nested ?? (topLevel && descriptorOf(topLevel));
  if (message === undefined) throw new TypeError(`google.pubsub.v1 has no ${field.typeName}.`);
  return { kind: 'message', message };
}
