// The paper's 20 passes on MNIST in Chromium, on the page without a server: the time they take, the errors and the bytes that they end in, and
// the memory of the page's process (Linux): node tests/page/mnist.mjs SITE FOLDER, where FOLDER has the four files.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [site, folder] = process.argv.slice(2);
const server = spawn("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", site], { stdio: ["ignore", "pipe", "ignore"] });
const [line] = await once(server.stdout, "data");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });

/** The memory of the largest of the processes that show pages, in MB: what is its own, and with the browser's program and what it shares. */
function memory() {
  const of = (process) => {
    try {
      if (!readFileSync(`/proc/${process}/cmdline`, "utf8").includes("--type=renderer")) return [];
      const status = readFileSync(`/proc/${process}/status`, "utf8");
      const [own, all] = ["RssAnon", "VmRSS"].map((name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024));
      return [{ own, all }];
    } catch {
      return []; // it has ended
    }
  };
  const [{ own, all }] = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap(of).sort((a, b) => b.all - a.all);
  return `${own} MB, ${all} MB with the browser's own`;
}

const says = (id, text, timeout = 60_000) => page.waitForFunction(([id, text]) => document.querySelector(id).textContent.trim() === text, [id, text], { timeout });

await page.goto("about:blank");
console.log(`memory of an empty page: ${memory()}`);
await page.goto(/(http:[^)]+)/.exec(line)[1]);
await says("#answer", "3");
console.log(`before training: ${memory()}`);
await page.click("#tab-train");
await page.setInputFiles("#train-file", readdirSync(folder).filter((name) => name.includes("ubyte")).map((name) => join(folder, name)));
await says("#mnist-state", "All four files are here.");
const start = performance.now();
await page.click("#train-go");
await says("#train-state", "finished", 1_000_000);
console.log(`time: ${((performance.now() - start) / 1000).toFixed(1)} s; memory: ${memory()}`);
await page.waitForSelector(".hash");
for (const what of [".errors", ".hash", ".command"]) console.log(await page.textContent(what));
await browser.close();
server.kill();
