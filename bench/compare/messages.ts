/** The messages that the measured functions get. */

const OPERATIONS = 'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations';
const JOBS =
  'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/customJobs';
let sequence = 0;

/** A request, each for an operation of its own. */
export const aRequest = () => {
  sequence += 1;
  return { operation: `${OPERATIONS}/operation-${sequence}`, requestId: `r${sequence}` };
};

/** A request for a job, each for one of its own. */
export const aJobRequest = () => {
  sequence += 1;
  return { job: `${JOBS}/${sequence}`, requestId: `r${sequence}` };
};

/** A re-check that is due, in the form of the function's own messages; others read what they know of it. */
export const aRecheck = () => {
  const { operation, requestId } = aRequest();
  const now = Date.now();
  return {
    requestId,
    messageId: 'm',
    operation: { service: 'notebooks', version: 'v2', name: operation.split('/').slice(4).join('/') },
    requestedAt: new Date(now - 60_000).toISOString(),
    deadline: new Date(now + 900_000).toISOString(),
    notBefore: new Date(now - 1_000).toISOString(),
    step: 'confirm',
    attempt: 3,
    cancel: { attempts: 1, acceptedAt: new Date(now - 60_000).toISOString() },
    confirm: { checks: 2, lastCheckedAt: new Date(now - 20_000).toISOString() },
  };
};
