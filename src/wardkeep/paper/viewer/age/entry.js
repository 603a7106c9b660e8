// What wardkeep's ward page needs of age-encryption and its own dependencies, as one script.
import { Decrypter } from "age-encryption";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import { wordlist } from "@scure/bip39/wordlists/english.js";
globalThis.WardkeepAge = { Decrypter, ed25519, sha256, bech32, wordlist };
