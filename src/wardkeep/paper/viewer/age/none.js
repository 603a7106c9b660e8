// Post-quantum and passkey recipients of age are not used by wardkeep: left out of the bundle.
export const MLKEM768P256 = undefined, MLKEM768X25519 = undefined;
export const p256 = undefined;
