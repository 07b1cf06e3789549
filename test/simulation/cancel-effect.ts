import type { CancelEffect } from '../../local/emulators/google-apis/google-services.ts';
import type { Random } from '../support/random.ts';

/** The effects of an accepted cancel that the simulation and the soak test give to operations. */
export type ChosenEffect = Exclude<CancelEffect, 'neither' | 'already-done'>;

/** Chooses an effect: `cancelled` in three of seven cases, and each of the others in one. */
export const chooseCancelEffect = (random: Random): ChosenEffect =>
  random.pick<ChosenEffect>([
    'cancelled',
    'cancelled',
    'cancelled',
    'succeeded',
    'failed',
    'never-ends',
    'vanishes',
  ]);
