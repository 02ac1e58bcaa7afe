package org.centerloss.interchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.format.protobuf.ProtoMessage;
import org.centerloss.nn.Head;
import org.centerloss.nn.Layers;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;

/**
 * A network as a graph of ONNX, in evaluation mode: the walk through its architecture that writes
 * nodes. A layer's result has its name.
 *
 * <p>Input {@value #IMAGES} [N, channels, height, width]; outputs {@value #FEATURES} [N, d],
 * {@value #LOGITS} [N, C] = fc2(features) and {@value #DISTANCES} [N, C], the Euclidean distances
 * √Σ(features − center)² by direct differences; all float32, N any number of images.
 */
final class OnnxNetwork implements Layers<String> {
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
            NetworkShape shape,
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
        String features = shape.walk(network, images);
        graph.node("Identity", FEATURES, List.of(features), List.of());
        network.linear(LOGITS, Head.NAME, FEATURES);
        network.distances();
        graph.output(FEATURES, descriptions.get(FEATURES), shape.features());
        graph.output(LOGITS, descriptions.get(LOGITS), shape.classes());
        graph.output(DISTANCES, descriptions.get(DISTANCES), shape.classes());
        return graph.message();
    }

    @Override
    public String convolution(String name, String x, int outChannels, Window w) {
        return convolution(name, x, outChannels, w, true);
    }

    @Override
    public String convolutionWithoutBias(String name, String x, int outChannels, Window w) {
        return convolution(name, x, outChannels, w, false);
    }

    private String convolution(String name, String x, int outChannels, Window w, boolean bias) {
        List<String> inputs = new ArrayList<>(List.of(x, weight(name + ".weight")));
        if (bias) {
            inputs.add(weight(name + ".bias"));
        }
        return graph.node("Conv", name, inputs, window(w));
    }

    private static List<ProtoMessage> window(Window w) {
        int p = w.padding();
        return List.of(
                OnnxGraph.integers("kernel_shape", w.kernel(), w.kernel()),
                OnnxGraph.integers("strides", w.stride(), w.stride()),
                OnnxGraph.integers("pads", p, p, p, p));
    }

    @Override
    public String batchNorm(String name, String x) {
        return graph.node(
                "BatchNormalization",
                name,
                List.of(
                        x,
                        weight(name + ".weight"),
                        weight(name + ".bias"),
                        weight(name + ".running_mean"),
                        weight(name + ".running_var")),
                List.of(OnnxGraph.number("epsilon", (float) BatchNormalization.EPSILON)));
    }

    @Override
    public String batchNormRelu(String name, String x) {
        return relu(name, batchNorm(name, x));
    }

    @Override
    public String batchNormAddRelu(String name, String x, String shortcut) {
        return relu(name, add(name + ".sum", batchNorm(name, x), shortcut));
    }

    private String relu(String name, String x) {
        return graph.node("Relu", name + ".relu", List.of(x), List.of());
    }

    @Override
    public String add(String name, String x, String shortcut) {
        return graph.node("Add", name, List.of(x, shortcut), List.of());
    }

    @Override
    public String prelu(String name, String x) {
        return graph.node("PRelu", name, List.of(x, weight(name + ".weight")), List.of());
    }

    @Override
    public String maxPooling(String name, String x, Window w) {
        return graph.node("MaxPool", name, List.of(x), window(w));
    }

    @Override
    public String globalAveragePooling(String name, String x) {
        return flatten("flat", graph.node("GlobalAveragePool", name, List.of(x), List.of()));
    }

    @Override
    public String flatten(String name, String x) {
        return graph.node("Flatten", name, List.of(x), List.of());
    }

    @Override
    public String linear(String name, String x, int outFeatures) {
        return linear(name, name, x);
    }

    private String linear(String result, String name, String x) {
        return graph.node(
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
                        "Sub", "differences", List.of(rows, weight(Parameters.CENTERS)), List.of());
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
