// The card "Inside" in Chinese.

export const INSIDE = [
  ["Inside", "内部"],
  ["Layer", "层"],
  ["Input maps", "输入特征图"],
  ["Click a unit in any map to see the sum that made it.", "点击任一特征图中的单元，即可看到它的值是怎样求和得来的。"],
  ["There is no sum before something is drawn.", "写下内容之后才有求和。"],
  ["Rows are the maps of the layer before, columns those of {}.", "行是前一层的特征图，列是 {} 的特征图。"],

  // the sum behind a unit
  ["The input: {n}", "输入：{}"],
  ["The input: {n} × {n} = {n}", "输入：{} × {} = {}"],
  ["{} map {n}: {n}", "{} 特征图 {}：{}"],
  ["{} map {n}: {n} × {n} = {n}", "{} 特征图 {}：{} × {} = {}"],
  ["{} unit {n}: {n}", "{} 单元 {}：{}"],
  ["{} unit {n}: {n} × {n} = {n}", "{} 单元 {}：{} × {} = {}"],
  ["{}: states, weights and products.", "{}：状态、权值和乘积。"],
  ["{}: states.", "{}：状态。"],
  ["{} map {n}", "{} 特征图 {}"],
  ["the input", "输入"],
  ["Arrow keys choose a weight, Escape none.", "方向键选择权值，Escape 取消选择。"],
  ["The other {n} inputs add up to {n}.", "其余 {} 个输入合计为 {}。"],
  ["The {n} products add up to {n}.", "{} 个乘积之和为 {}。"],
  ["The {n} states add up to {n}.", "{} 个状态之和为 {}。"],
  ["The largest of the {n} states is {n}.", "{} 个状态中最大的是 {}。"],
  ["Times the coefficient {n}, plus the bias {n}, that makes a = {n}.", "乘以系数 {}，再加偏置 {}，得 a = {}。"],
  ["Plus the bias {n}, that makes a = {n}.", "再加偏置 {}，得 a = {}。"],
  ["That makes a = {n}.", "得 a = {}。"],
  ["The state is {}: x = {n}.", "状态为 {}：x = {}。"],
  ["1.7159 times tanh of 2a/3", "1.7159 乘以 2a/3 的 tanh"],
  ["a, or 0 if a is negative", "a，a 为负时取 0"],

  // weights
  ["Coefficient {n}", "系数 {}"],
  ["Bias {n}", "偏置 {}"],
  ["Click a weight, a bias or a coefficient to change it.", "点击一个权值、偏置或系数即可改变它。"],
  ["Weight from {} to {}: {n}", "从{}到 {} 的权值：{}"],
  ["Weight from {} to {}, row {n}, column {n}: {n}", "从{}到 {} 的权值，第 {} 行，第 {} 列：{}"],
  ["Bias of {}: {n}", "{} 的偏置：{}"],
  ["Coefficient of {}: {n}", "{} 的系数：{}"],
  ["The network answers {}.", "网络的回答{}。"],
  ["with {n} changed weight", "（有 {} 个权值已改变）"],
  ["with {n} changed weights", "（有 {} 个权值已改变）"],
  ["Restore", "恢复"],

  // equation 9
  ["The share is exp(−j), divided by the sum of exp(−j) and, for each class, exp(−its distance); j is the distance of rubbish.",
    "这一份额等于 exp(−j) 除以 exp(−j) 与各类 exp(−距离) 之总和；j 是垃圾类的距离。"],
  ["Here j is {n}, the nearest class has the distance {n}, and the share is {}.", "此处 j 为 {}，最近的类别距离为 {}，这一份额为 {}。"],
];
