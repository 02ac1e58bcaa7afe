package org.centerloss.interchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.loss.Objective;
import org.centerloss.model.ResNet;
import org.centerloss.train.AtomicFile;
import org.centerloss.train.Checkpoint;
import org.centerloss.wire.ProtoMessage;

/**
 * A trained model as an ONNX file: images in, features, logits and distances to the centers out.
 * What a person needs to use it stands in its metadata: {@code classes} (JSON), {@code
 * classification}, {@code input}, {@code untrained_outputs}, {@code loss}, sizes and the version.
 *
 * <p>Opset {@value #OPSET} and IR version {@value #IR_VERSION} are those of ONNX 1.8, which every
 * runtime in use reads. Source: https://onnx.ai/onnx/repo-docs/IR.html.
 */
public final class OnnxModel {
    static final int OPSET = 13;
    static final int IR_VERSION = 7;

    private final ResNet.Shape shape;
    private final List<String> classes;
    private final Objective objective;
    private final String loss;

    private OnnxModel(Checkpoint checkpoint) {
        shape = checkpoint.model().shape();
        classes = checkpoint.model().classes();
        objective = checkpoint.config().objective();
        loss = checkpoint.config().loss().objective();
    }

    /**
     * Writes a file, replacing {@code file} in one step.
     *
     * @param version of this program
     * @return a line on each input and output, for a person
     */
    public static List<String> write(Checkpoint checkpoint, String version, Path file) {
        OnnxModel model = new OnnxModel(checkpoint);
        Map<String, String> descriptions = model.descriptions();
        ProtoMessage graph =
                OnnxNetwork.graph(
                        model.shape, checkpoint.parameters(), checkpoint::values, descriptions);
        AtomicFile.write(file, model.message(graph, version)::writeTo);
        return descriptions.entrySet().stream()
                .map(entry -> "%-9s  %s".formatted(entry.getKey(), entry.getValue()))
                .toList();
    }

    private ProtoMessage message(ProtoMessage graph, String version) {
        ProtoMessage opset = new ProtoMessage().putString(1, "").putInteger(2, OPSET);
        ProtoMessage model =
                new ProtoMessage()
                        .putInteger(1, IR_VERSION)
                        .putString(2, "centerloss")
                        .putString(3, version)
                        .putMessage(7, graph)
                        .putMessage(8, opset);
        metadata(version)
                .forEach(
                        (key, value) ->
                                model.putMessage(
                                        14,
                                        new ProtoMessage().putString(1, key).putString(2, value)));
        return model;
    }

    private boolean byCenters() {
        return objective.classification() == Objective.Classification.NEAREST_CENTER;
    }

    /** What the input and each output is, by its name. */
    private Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                OnnxNetwork.IMAGES,
                "float32 [N, %d, %d, %d], %s"
                        .formatted(shape.channels(), shape.height(), shape.width(), input()));
        all.put(OnnxNetwork.FEATURES, "float32 [N, %d]".formatted(shape.features()));
        all.put(
                OnnxNetwork.LOGITS,
                "float32 [N, %d], ".formatted(shape.classes())
                        + (objective.trainsLogits()
                                ? "the largest is the class"
                                : "not trained by the loss '" + loss + "'"));
        all.put(
                OnnxNetwork.DISTANCES,
                "float32 [N, %d], Euclidean, to each center, ".formatted(shape.classes())
                        + (byCenters()
                                ? "the smallest is the class"
                                : objective.usesCenters()
                                        ? "trained, but the logits classify"
                                        : "not trained by the loss '" + loss + "'"));
        return all;
    }

    private String input() {
        return (shape.channels() == 1 ? "grayscale" : "RGB") + ", pixel / 255";
    }

    private Map<String, String> metadata(String version) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("classes", json(classes));
        all.put("classification", byCenters() ? "smallest of distances" : "largest of logits");
        all.put("input", input());
        all.put("channels", String.valueOf(shape.channels()));
        all.put("image_height", String.valueOf(shape.height()));
        all.put("image_width", String.valueOf(shape.width()));
        all.put("features", String.valueOf(shape.features()));
        all.put("loss", loss);
        all.put("untrained_outputs", json(untrained()));
        all.put("centerloss_version", version);
        return all;
    }

    private List<String> untrained() {
        if (!objective.trainsLogits()) {
            return List.of(OnnxNetwork.LOGITS);
        }
        return objective.usesCenters() ? List.of() : List.of(OnnxNetwork.DISTANCES);
    }

    private static String json(List<String> names) {
        try {
            return new ObjectMapper().writeValueAsString(names);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
