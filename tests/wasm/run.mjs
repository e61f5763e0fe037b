// Runs the WebAssembly of tests/wasm: node run.mjs MODULE passes | node run.mjs MODULE steps COUNT
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

// What newer versions of Node have without a flag.
setFlagsFromString("--experimental-wasm-relaxed-simd");

const [path, task, count] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(path));
const { byte, level, two_passes, steps } = instance.exports;

const text = () => {
  const bytes = [];
  for (let value; (value = byte(bytes.length)) >= 0; ) bytes.push(value);
  return new TextDecoder().decode(new Uint8Array(bytes));
};

const found = level();
console.log(`${found} ${text()}`);
if (found && task === "passes") {
  for (const preset of [0, 1]) {
    two_passes(preset);
    console.log(text());
  }
} else if (found && task === "steps") {
  steps(Number(count)); // until the engine has compiled it well
  for (let repeat = 0; repeat < 5; repeat++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    steps(Number(count));
    const [wall, { user, system }] = [performance.now() - started, process.cpuUsage(before)];
    console.log(`${((user + system) / count).toFixed(1)} us of a core a step, ${((1000 * wall) / count).toFixed(1)} us by the clock`);
  }
}
