package org.centerloss.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.protobuf.ProtoMessage;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Optimizers;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.TrainingStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxModelTest {
    private static final double TOLERANCE = 1e-5;
    private static final int BATCH = 8;

    @TempDir private Path folder;

    private Checkpoint golden(String objective) throws Exception {
        Path weights = new GoldenWeights().write(folder.resolve("weights.safetensors"));
        return StartedRun.from(weights, objective, folder.resolve("run"));
    }

    private Path export(Checkpoint checkpoint) {
        Path file = folder.resolve("model.onnx");
        OnnxModel.write(StartedRun.exported(checkpoint, null), file);
        return file;
    }

    /** PyTorch's three steps repeated in float64, then run by ONNX Runtime. */
    @Test
    void aTrainedNetworkGivesWhatPyTorchRecordedOfIt() throws Exception {
        GoldenWeights golden = new GoldenWeights();
        NetworkShape shape = new NetworkShape(3, 32, 32, 16, 10, 1, 1);
        double[] images = golden.get("images").toDoubles();
        int[] labels = golden.get("labels").toInts();
        int size = BATCH * 3 * 32 * 32;
        Objective objective = Objectives.XENT.create(Objectives.Settings.DEFAULT);
        Path file = folder.resolve("model.onnx");
        try (Device device = Devices.open("reference", 0);
                Parameters parameters =
                        new Parameters(device, Objectives.parameters(objective, shape, true));
                Optimizer optimizer =
                        new Optimizer(device, parameters, Optimizers.Settings.sgd(0.9, 0));
                TrainingStep step =
                        new TrainingStep(
                                device, shape, objective, parameters, BATCH, optimizer, 0)) {
            optimizer.set(0.01, 1);
            golden.stateDict().forEach((name, e) -> parameters.value(name).write(e.toDoubles()));
            for (int i = 0; i < 3; i++) {
                step.images().write(Arrays.copyOfRange(images, i * size, (i + 1) * size));
                step.labels().write(Arrays.copyOfRange(labels, i * BATCH, (i + 1) * BATCH));
                step.computeGradients();
                step.update();
            }
            ProtoMessage graph =
                    OnnxNetwork.graph(
                            shape,
                            parameters.declared(),
                            p -> parameters.value(p.name()).toFloats(),
                            Map.of("images", "", "features", "", "logits", "", "distances", ""));
            ProtoMessage opset = new ProtoMessage().putInteger(2, OnnxModel.OPSET);
            ProtoMessage model = new ProtoMessage().putInteger(1, OnnxModel.IR_VERSION);
            model.putMessage(7, graph).putMessage(8, opset);
            Files.write(file, model.toByteArray());
        }
        float[] first = Arrays.copyOf(golden.get("images").toFloats(), size);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            Map<String, float[]> found = runtime.run(first, 3, 32, 32, BATCH);
            for (String name : List.of("features", "logits")) {
                double[] expected = golden.get("final.eval_" + name).toDoubles();
                Agreement.assertNear(name, expected, found.get(name), TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "standalone, smallest of distances, [\"logits\"]",
        "center-softmax, smallest of distances, [\"logits\"]",
        "cent, largest of logits, []",
        "xent, largest of logits, [\"distances\"]",
    })
    void theMetadataSayHowToUseIt(String objective, String classification, String untrained)
            throws Exception {
        try (OnnxRuntime runtime = new OnnxRuntime(export(golden(objective)))) {
            Map<String, String> metadata = runtime.metadata();
            assertEquals(classification, metadata.get("classification"));
            assertEquals(untrained, metadata.get("untrained_outputs"));
            assertEquals("RGB, pixel / 255", metadata.get("input"));
            assertEquals("32", metadata.get("image_height"));
            assertEquals("1.2.3", metadata.get("centerloss_version"));
            assertEquals(
                    StartedRun.classes(),
                    List.of(new ObjectMapper().readValue(metadata.get("classes"), String[].class)));
        }
    }

    /** What ONNX's own checker looks for, read from the wire by field numbers. */
    @Test
    void theFileIsSoundBeyondWhatOneRuntimeForgives() throws Exception {
        Checkpoint checkpoint = golden("standalone");
        UnknownFieldSet model = UnknownFieldSet.parseFrom(Files.readAllBytes(export(checkpoint)));
        assertEquals(List.of(7L), model.getField(1).getVarintList());
        assertEquals("centerloss", text(model, 2));
        UnknownFieldSet opset = message(model, 8).get(0);
        assertEquals("", text(opset, 1));
        assertEquals(List.of(13L), opset.getField(2).getVarintList());
        UnknownFieldSet graph = message(model, 7).get(0);
        assertEquals("centerloss", text(graph, 2));

        Set<String> values = new HashSet<>();
        for (UnknownFieldSet input : message(graph, 11)) {
            assertTrue(values.add(text(input, 1)));
        }
        Map<String, Parameter> parameters = new HashMap<>();
        checkpoint.parameters().forEach(p -> parameters.put(p.name(), p));
        for (UnknownFieldSet tensor : message(graph, 5)) {
            String name = text(tensor, 8);
            assertTrue(values.add(name), name);
            assertTensor(tensor, checkpoint, parameters.get(name));
        }
        assertTrue(values.containsAll(parameters.keySet()), "every parameter is there");
        Set<String> nodes = new HashSet<>();
        for (UnknownFieldSet node : message(graph, 1)) {
            assertTrue(nodes.add(text(node, 3)), "a name of its own: " + text(node, 3));
            for (ByteString input : node.getField(1).getLengthDelimitedList()) {
                assertTrue(values.contains(input.toStringUtf8()), "before its use: " + input);
            }
            assertEquals(1, node.getField(2).getLengthDelimitedList().size());
            assertTrue(values.add(text(node, 2)), "assigned once: " + text(node, 2));
        }
        List<UnknownFieldSet> outputs = message(graph, 12);
        assertEquals(
                List.of("features", "logits", "distances"),
                outputs.stream().map(output -> text(output, 1)).toList());
        outputs.forEach(output -> assertTrue(values.contains(text(output, 1))));
        List<String> keys = message(model, 14).stream().map(entry -> text(entry, 1)).toList();
        assertEquals(keys.size(), new HashSet<>(keys).size());
    }

    private static void assertTensor(
            UnknownFieldSet tensor, Checkpoint checkpoint, Parameter parameter) {
        ByteString raw = tensor.getField(9).getLengthDelimitedList().get(0);
        List<Long> dimensions = tensor.getField(1).getVarintList();
        if (parameter == null) {
            assertEquals(List.of(7L), tensor.getField(2).getVarintList(), "int64");
            assertEquals(8L, raw.size());
            return;
        }
        assertEquals(List.of(1L), tensor.getField(2).getVarintList(), "float");
        assertEquals(parameter.shape().stream().map(Integer::longValue).toList(), dimensions);
        FloatBuffer floats =
                raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] found = new float[floats.remaining()];
        floats.get(found);
        assertArrayEquals(checkpoint.values(parameter), found, parameter.name());
    }

    private static List<UnknownFieldSet> message(UnknownFieldSet from, int field) throws Exception {
        List<UnknownFieldSet> all = new ArrayList<>();
        for (ByteString bytes : from.getField(field).getLengthDelimitedList()) {
            all.add(UnknownFieldSet.parseFrom(bytes));
        }
        return all;
    }

    private static String text(UnknownFieldSet from, int field) {
        return from.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
    }
}
