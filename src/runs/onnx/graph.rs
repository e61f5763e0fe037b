//! A graph under construction: a chain of nodes, each of which takes the result of the one before.

use std::collections::BTreeSet;

use super::messages::{Attribute, AttributeType, DataType, Graph, Node, Tensor, Value};

/// A graph to which nodes are added one after another.
#[derive(Debug)]
pub struct Chain {
    nodes: Vec<Node>,
    tensors: Vec<Tensor>,
    /// The names of all values, of which no two may be the same.
    names: BTreeSet<String>,
    /// The value that the next node takes.
    last: String,
}

impl Chain {
    /// A graph that begins with `input`. No value in it gets one of the names `reserved`, which are those of the outputs.
    pub fn new(input: &str, reserved: &[&str]) -> Self {
        let names = reserved.iter().chain([&input]).map(|&name| name.into()).collect();
        Self { nodes: Vec::new(), tensors: Vec::new(), names, last: input.into() }
    }

    /// The name, or the name with a number behind it where it is taken.
    fn unique(&mut self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.to_string()).chain(numbered);
        let free = names.find(|name| !self.names.contains(name)).expect("there is always a next number");
        self.names.insert(free.clone());
        free
    }

    /// Adds a tensor of numbers to the graph's own, if it is not there already; its name.
    ///
    /// # Panics
    /// If there are not as many values as the shape says.
    pub fn floats(&mut self, name: &str, shape: &[usize], values: impl IntoIterator<Item = f32>) -> String {
        self.tensor(name, shape, DataType::Float, values.into_iter().map(f32::to_le_bytes))
    }

    /// Adds a row of integers to the graph's own tensors; its name.
    pub fn integers(&mut self, name: &str, values: &[usize]) -> String {
        self.tensor(name, &[values.len()], DataType::Int64, values.iter().map(|&value| (value as i64).to_le_bytes()))
    }

    fn tensor<const N: usize>(
        &mut self,
        name: &str,
        shape: &[usize],
        data_type: DataType,
        values: impl Iterator<Item = [u8; N]>,
    ) -> String {
        let raw_data: Vec<u8> = values.flatten().collect();
        assert_eq!(raw_data.len(), N * shape.iter().product::<usize>(), "{name}: as many values as {shape:?} says");
        let dims = shape.iter().map(|&size| size as i64).collect();
        let tensor = Tensor { dims, data_type: data_type.into(), name: name.into(), raw_data };
        if !self.tensors.contains(&tensor) {
            let name = self.unique(name);
            self.tensors.push(Tensor { name: name.clone(), ..tensor });
            return name;
        }
        tensor.name
    }

    /// Adds a node that takes the last result and these tensors; its result has the name of the node.
    pub fn node(&mut self, name: &str, operator: &str, tensors: &[String], attributes: &[Attribute]) {
        let name = self.unique(name);
        self.add(name, operator, tensors, attributes);
    }

    /// Adds the square of the last result.
    pub fn square(&mut self, name: &str) {
        let last = self.last.clone();
        self.node(name, "Mul", &[last], &[]);
    }

    /// Adds the matrix product of a tensor and the last result, in this order.
    pub fn multiply_from_left(&mut self, name: &str, tensor: String) {
        let last = std::mem::replace(&mut self.last, tensor);
        self.node(name, "MatMul", &[last], &[]);
    }

    /// Adds a node whose result is an output of the graph.
    ///
    /// # Panics
    /// If the name is not reserved.
    pub fn output(&mut self, name: &str, operator: &str, attributes: &[Attribute]) {
        assert!(self.names.contains(name), "{name} is reserved");
        self.add(name.into(), operator, &[], attributes);
    }

    fn add(&mut self, name: String, operator: &str, tensors: &[String], attributes: &[Attribute]) {
        let first = std::mem::replace(&mut self.last, name.clone());
        let input = std::iter::once(first).chain(tensors.iter().cloned()).collect();
        let (op_type, attribute) = (operator.into(), attributes.to_vec());
        self.nodes.push(Node { input, output: vec![name.clone()], name, op_type, attribute });
    }

    /// The whole graph.
    pub fn finish(self, name: &str, input: Vec<Value>, output: Vec<Value>) -> Graph {
        Graph { node: self.nodes, name: name.into(), initializer: self.tensors, input, output }
    }
}

/// An attribute of one integer.
pub fn integer(name: &str, value: i64) -> Attribute {
    Attribute { name: name.into(), i: Some(value), ints: Vec::new(), r#type: AttributeType::Int.into() }
}

/// An attribute of several integers.
pub fn integers(name: &str, values: &[usize]) -> Attribute {
    let ints = values.iter().map(|&value| value as i64).collect();
    Attribute { name: name.into(), i: None, ints, r#type: AttributeType::Ints.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_chained_and_no_name_is_given_twice() {
        let mut chain = Chain::new("image", &["answer"]);
        let weight = chain.floats("image", &[1, 2], [0.5, -1.0]);
        chain.node("answer", "Mul", &[weight], &[]);
        chain.square("answer");
        chain.output("answer", "ArgMin", &[integer("axis", 1), integers("pads", &[2, 0])]);
        let graph = chain.finish("name", Vec::new(), Vec::new());
        let inputs: Vec<&[String]> = graph.node.iter().map(|node| &node.input[..]).collect();
        assert_eq!(inputs, [&["image", "image_2"][..], &["answer_2", "answer_2"], &["answer_3"]]);
        assert_eq!(graph.node[2].output, ["answer"]);
        assert_eq!(graph.initializer[0].raw_data, [0, 0, 0, 63, 0, 0, 128, 191]);
    }
}
