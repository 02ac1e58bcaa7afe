package org.centerloss.interchange;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.format.protobuf.ProtoMessage;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.ResNet;

/**
 * The residual network as a graph of ONNX, in evaluation mode.
 *
 * <p>Input {@value #IMAGES} [N, channels, height, width]; outputs {@value #FEATURES} [N, d],
 * {@value #LOGITS} [N, C] = fc2(features) and {@value #DISTANCES} [N, C], the Euclidean distances
 * √Σ(features − center)² by direct differences; all float32, N any number of images.
 */
final class OnnxNetwork {
    static final String IMAGES = "images";
    static final String FEATURES = "features";
    static final String LOGITS = "logits";
    static final String DISTANCES = "distances";

    private final OnnxGraph graph = new OnnxGraph("centerloss");
    private final Map<String, Parameter> parameters;
    private final Function<Parameter, float[]> weights;

    private OnnxNetwork(List<Parameter> parameters, Function<Parameter, float[]> weights) {
        this.parameters = parameters.stream().collect(Collectors.toMap(Parameter::name, p -> p));
        this.weights = weights;
    }

    /**
     * The graph.
     *
     * @param parameters at least the network's own and {@code centers}
     * @param weights the values of each
     * @param descriptions what people are told about the input and each output, by its name
     */
    static ProtoMessage graph(
            ResNet.Shape shape,
            List<Parameter> parameters,
            Function<Parameter, float[]> weights,
            Map<String, String> descriptions) {
        OnnxNetwork network = new OnnxNetwork(parameters, weights);
        OnnxGraph graph = network.graph;
        String images =
                graph.input(
                        IMAGES,
                        descriptions.get(IMAGES),
                        shape.channels(),
                        shape.height(),
                        shape.width());
        network.features(shape, images);
        network.linear(LOGITS, "fc2", FEATURES);
        network.distances();
        graph.output(FEATURES, descriptions.get(FEATURES), shape.features());
        graph.output(LOGITS, descriptions.get(LOGITS), shape.classes());
        graph.output(DISTANCES, descriptions.get(DISTANCES), shape.classes());
        return graph.message();
    }

    private void features(ResNet.Shape shape, String images) {
        String x = convolution("conv1", images, 1, 0);
        for (ResNet.Block block : ResNet.blocks(shape)) {
            x = block(block, x);
        }
        x = normalizedActivation("bn", x);
        x = graph.node("GlobalAveragePool", "pooled", List.of(x), List.of());
        x = graph.node("Flatten", "flat", List.of(x), List.of());
        linear(FEATURES, "fc1", x);
    }

    /** As in {@link org.centerloss.nn.ResNet}: the skip starts behind the first activation. */
    private String block(ResNet.Block block, String x) {
        String name = block.name();
        String open = normalizedActivation(name + ".bn1", x);
        String z = convolution(name + ".conv1", open, block.stride(), 1);
        z = normalizedActivation(name + ".bn2", z);
        z = convolution(name + ".conv2", z, 1, 1);
        String skip =
                block.hasSkip() ? convolution(name + ".skip_conv", open, block.stride(), 0) : x;
        return graph.node("Add", name, List.of(z, skip), List.of());
    }

    private String convolution(String name, String x, int stride, int padding) {
        List<Integer> shape = parameters.get(name + ".weight").shape();
        return graph.node(
                "Conv",
                name,
                List.of(x, weight(name + ".weight"), weight(name + ".bias")),
                List.of(
                        OnnxGraph.integers("kernel_shape", shape.get(2), shape.get(3)),
                        OnnxGraph.integers("strides", stride, stride),
                        OnnxGraph.integers("pads", padding, padding, padding, padding)));
    }

    private String normalizedActivation(String name, String x) {
        String y =
                graph.node(
                        "BatchNormalization",
                        name,
                        List.of(
                                x,
                                weight(name + ".weight"),
                                weight(name + ".bias"),
                                weight(name + ".running_mean"),
                                weight(name + ".running_var")),
                        List.of(OnnxGraph.number("epsilon", (float) BatchNormalization.EPSILON)));
        return graph.node("Relu", name + ".relu", List.of(y), List.of());
    }

    private void linear(String result, String name, String x) {
        graph.node(
                "Gemm",
                result,
                List.of(x, weight(name + ".weight"), weight(name + ".bias")),
                List.of(OnnxGraph.integer("transB", 1)));
    }

    private void distances() {
        String middle = graph.axis("axis1", 1);
        String last = graph.axis("axis2", 2);
        String rows = graph.node("Unsqueeze", "rows", List.of(FEATURES, middle), List.of());
        String differences =
                graph.node(
                        "Sub", "differences", List.of(rows, weight(StateDict.CENTERS)), List.of());
        String squares = graph.node("Mul", "squares", List.of(differences, differences), List.of());
        String sums =
                graph.node(
                        "ReduceSum",
                        "squared_distances",
                        List.of(squares, last),
                        List.of(OnnxGraph.integer("keepdims", 0)));
        graph.node("Sqrt", DISTANCES, List.of(sums), List.of());
    }

    private String weight(String name) {
        Parameter parameter = parameters.get(name);
        return graph.weight(name, parameter.shape(), weights.apply(parameter));
    }
}
