package org.centerloss.interchange;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.base.Output;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.format.protobuf.ProtoMessage;
import org.centerloss.loss.Objective;
import org.centerloss.nn.NetworkShape;
import org.centerloss.train.Checkpoint;

/**
 * A trained model as an ONNX file: images in, features, logits and distances to the centers out.
 * What a program needs to use it stands in its metadata: {@link ExportedModel#metadata}, and in
 * {@code untrained_outputs} which of the outputs the loss did not train.
 *
 * <p>Opset {@value #OPSET} and IR version {@value #IR_VERSION} are those of ONNX 1.8, which every
 * runtime in use reads. Source: https://onnx.ai/onnx/repo-docs/IR.html.
 */
public final class OnnxModel {
    static final int OPSET = 13;
    static final int IR_VERSION = 7;

    private final ExportedModel exported;

    private OnnxModel(ExportedModel exported) {
        this.exported = exported;
    }

    /**
     * Writes a file, replacing {@code file} in one step.
     *
     * @return a line on each input and output, for a person
     */
    public static List<String> write(ExportedModel exported, Path file) {
        OnnxModel model = new OnnxModel(exported);
        Checkpoint checkpoint = exported.checkpoint();
        Map<String, String> descriptions = model.descriptions();
        ProtoMessage graph =
                OnnxNetwork.graph(
                        exported.shape(), checkpoint.parameters(), exported::values, descriptions);
        Output.write(file, model.message(graph)::writeTo);
        return descriptions.entrySet().stream()
                .map(entry -> "%-9s  %s".formatted(entry.getKey(), entry.getValue()))
                .toList();
    }

    private ProtoMessage message(ProtoMessage graph) {
        ProtoMessage opset = new ProtoMessage().putString(1, "").putInteger(2, OPSET);
        ProtoMessage model =
                new ProtoMessage()
                        .putInteger(1, IR_VERSION)
                        .putString(2, "centerloss")
                        .putString(3, exported.version())
                        .putMessage(7, graph)
                        .putMessage(8, opset);
        Map<String, String> metadata = exported.metadata();
        metadata.put("untrained_outputs", ExportedModel.json(untrained()));
        metadata.forEach(
                (key, value) ->
                        model.putMessage(
                                14, new ProtoMessage().putString(1, key).putString(2, value)));
        return model;
    }

    /** What the input and each output is, by its name. */
    private Map<String, String> descriptions() {
        NetworkShape shape = exported.shape();
        Objective objective = exported.objective();
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                OnnxNetwork.IMAGES,
                "float32 [N, %d, %d, %d], %s"
                        .formatted(
                                shape.channels(), shape.height(), shape.width(), exported.input()));
        all.put(OnnxNetwork.FEATURES, "float32 [N, %d]".formatted(shape.features()));
        all.put(
                OnnxNetwork.LOGITS,
                "float32 [N, %d], ".formatted(shape.classes())
                        + (objective.trainsLogits()
                                ? "the largest is the class"
                                : "not trained by the loss '" + exported.loss() + "'"));
        all.put(
                OnnxNetwork.DISTANCES,
                "float32 [N, %d], Euclidean, to each %s, "
                                .formatted(
                                        shape.classes(),
                                        exported.kind() == CenterKind.MEANS
                                                ? "class mean"
                                                : "center")
                        + (exported.byCenters()
                                ? "the smallest is the class"
                                : exported.centersMeanSomething()
                                        ? "but the logits classify"
                                        : "not trained by the loss '" + exported.loss() + "'"));
        return all;
    }

    private List<String> untrained() {
        Objective objective = exported.objective();
        if (!objective.trainsLogits()) {
            return List.of(OnnxNetwork.LOGITS);
        }
        return exported.centersMeanSomething() ? List.of() : List.of(OnnxNetwork.DISTANCES);
    }
}
