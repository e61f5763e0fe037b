// The builds of the network in WebAssembly that a browser can run: both compute with SIMD.

/** The builds, the better one first, each with a small module that only browsers with its instructions accept. */
const BUILDS = {
  relaxed: [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
  simd128: [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
};

/** The names of those whose instructions this browser has. */
export const builds = () => Object.keys(BUILDS).filter((name) => WebAssembly.validate(Uint8Array.from(BUILDS[name])));

/** What is said where there is none. */
export const NO_SIMD = "This browser has no SIMD in WebAssembly, with which the network computes. Chrome and Edge have it from version 91 on, Firefox from 89, Safari from 16.4: please update it, or open the page in another one.";
