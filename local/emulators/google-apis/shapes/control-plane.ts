import { targetOf, typeOf, type LongrunningShape } from './shape.ts';

/**
 * The metadata of most services. They differ in the name of the field that shows a cancel: compare
 * `OperationMetadata` in google/cloud/notebooks/v2/service.proto and in google/cloud/tpu/v2/cloud_tpu.proto.
 */
export function controlPlane(
  packageName: string,
  resource: string,
  cancelField: 'requestedCancellation' | 'cancelRequested',
): LongrunningShape {
  return {
    is: 'longrunning',
    saysNotDone: true,
    metadata: (facts) => ({
      ...typeOf(`${packageName}.${facts.address.version}.OperationMetadata`),
      createTime: facts.createTime,
      endTime: facts.endTime,
      target: targetOf(facts),
      verb: 'create',
      [cancelField]: facts.cancelTime !== undefined,
      apiVersion: facts.address.version,
    }),
    response: (facts) => ({
      ...typeOf(`${packageName}.${facts.address.version}.${resource}`),
      name: targetOf(facts),
    }),
  };
}
