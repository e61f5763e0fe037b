// The ten steps of the tour: what each speaks of, its words, where the paper says it, and what it does on the page.

/**
 * `part` is a selector; the sections are those of LeCun et al. (1998). `unit` is the unit whose receptive field is lit: of a layer's first map,
 * its middle, or `across` units to the right of it.
 */
export const STEPS = [
  {
    title: "The input",
    part: "[data-layer=Input]",
    source: "Section II-B",
    text: "The digit is scaled to fit 20 × 20 pixels and centred in 28 × 28; a margin makes it 32 × 32. So ends and corners of strokes can lie in the centre of the highest features' receptive fields. Background is −0.1 and ink 1.175: the mean is about 0 and the variance about 1, which speeds up learning.",
  },
  {
    title: "C1: local receptive fields",
    part: "[data-layer=C1]",
    source: "Sections II-A and II-B",
    unit: { layer: "C1" },
    text: "Each unit of C1 sees only 5 × 5 pixels of the input, its receptive field: the frames show one unit and its field. It computes a weighted sum of them plus a bias, and squashes it. From such small parts, units find edges, end points and corners.",
  },
  {
    title: "Shared weights",
    part: "[data-layer=C1]",
    source: "Section II-A",
    unit: { layer: "C1", across: 6 },
    text: "The frames have moved, but the weights are the same: all 784 units of a map share one kernel of 25 weights and one bias. A map is therefore a convolution of the input with its kernel, and when the digit is shifted, the map is shifted with it. Only 156 parameters make 122,304 connections.",
  },
  {
    title: "S2: subsampling",
    part: "[data-layer=S2]",
    source: "Section II-B",
    unit: { layer: "S2" },
    text: "A unit of S2 adds the four values of a 2 × 2 square in one map of C1, multiplies by a trainable coefficient, adds a trainable bias, and squashes the result. This halves the resolution: once a feature is found, only its approximate place matters. S2 has 12 parameters.",
  },
  {
    title: "C3 and Table I",
    part: "[data-layer=C3] .label",
    source: "Section II-B, Table I",
    unit: { layer: "C3" },
    text: "Each of the 16 maps of C3 sees only some of the six maps of S2, as the small table shows: three or four neighbouring ones, four that are not all neighbours, and for the last map all six. This keeps the number of connections low. And it breaks the symmetry: maps with different inputs have to find different features.",
  },
  {
    title: "C5: all of S4",
    part: "[data-layer=C5]",
    source: "Sections II-B and VII",
    unit: { layer: "C5" },
    text: "Each of the 120 units of C5 sees 5 × 5 units of all 16 maps of S4, which is all of S4. It is still a convolution. On a larger input its maps would have more than one unit, and so the same network reads a line of digits.",
  },
  {
    title: "F6: a picture of the digit",
    part: "[data-layer=F6]",
    source: "Section II-B, equations 5 and 6",
    unit: { layer: "F6" },
    text: "The 84 units of F6 are fully connected to C5. Their squashing function is A tanh(S a) with A = 1.7159, so that +1 and −1 are well within its range. Arranged as 7 × 12, they try to draw a stylized picture of the digit.",
  },
  {
    title: "The codes",
    part: ".codes",
    source: "Section II-B, Fig. 3",
    text: "Each class has a fixed code of 84 values of +1 and −1, drawn by hand as a printed character of 7 × 12 pixels. A dot marks where the sign of F6 differs from the code. Characters that look alike have similar codes, so that a program that knows the context can choose among them.",
  },
  {
    title: "The distances",
    part: "#bars",
    source: "Section II-B, equation 7",
    text: "Each output unit computes the squared Euclidean distance of F6 from its class's code. The class at the smallest distance is the answer. The factor of one half is from the authors' own code; equation 7 is printed without it.",
  },
  {
    title: "Rubbish",
    part: ".verdict",
    source: "Section II-C, equation 9",
    opens: ".verdict details",
    text: "What if the drawing is no digit? Equation 9 adds a class at a fixed distance, “rubbish”: where no code is nearer, it is more probable than any digit. Draw a cross or a letter, and see its share grow.",
  },
];
