import { describeMainJob } from './main-job.ts';

describeMainJob('cloud-tasks');
