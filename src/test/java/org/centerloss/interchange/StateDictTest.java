package org.centerloss.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.Threshold;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports against the state_dict that PyTorch recorded of the reference's network. */
class StateDictTest {
    @TempDir private Path folder;
    private GoldenWeights golden;
    private Path weights;

    @BeforeEach
    void writeWhatPyTorchRecorded() throws Exception {
        golden = new GoldenWeights();
        weights = golden.write(folder.resolve("pytorch.safetensors"));
    }

    private Safetensors export(String objective, boolean withCenters) {
        Checkpoint checkpoint = StartedRun.from(weights, objective, folder.resolve("run"));
        Path file = folder.resolve("export.safetensors");
        StateDict.write(StartedRun.exported(checkpoint, null), withCenters, file);
        return Safetensors.read(file);
    }

    private static Map<String, String> kinds(Map<String, SafetensorsEntry> entries) {
        Map<String, String> kinds = new TreeMap<>();
        entries.forEach(
                (name, entry) ->
                        kinds.put(name, entry.type() + " " + Arrays.toString(entry.shape())));
        return kinds;
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "cent", "xent", "center-softmax"})
    void namesShapesAndTypesAreThoseOfPyTorch(String objective) {
        assertEquals(kinds(golden.stateDict()), kinds(export(objective, true).entries()));
    }

    @Test
    void withoutCentersItIsWhatTheNetworkLoadsStrictly() {
        Map<String, String> expected = kinds(golden.stateDict());
        expected.remove("centers");
        assertEquals(expected, kinds(export("standalone", false).entries()));
    }

    @Test
    void everyNumberComesThroughAsItWas() {
        Safetensors exported = export("standalone", true);
        golden.stateDict()
                .forEach(
                        (name, entry) ->
                                assertArrayEquals(
                                        entry.toFloats(), exported.get(name).toFloats(), name));
    }

    @Test
    void theMetadataSayHowToUseIt() throws Exception {
        Checkpoint checkpoint = StartedRun.from(weights, "standalone", folder.resolve("run"));
        Threshold threshold =
                new Threshold(
                        checkpoint.checksum(),
                        0,
                        "made",
                        1,
                        0.95,
                        2.5,
                        new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0.25},
                        StartedRun.classes(),
                        CenterKind.TRAINED,
                        new double[10][16]);
        Path file = folder.resolve("export.safetensors");
        StateDict.write(StartedRun.exported(checkpoint, threshold), true, file);
        Map<String, String> metadata = new TreeMap<>(Safetensors.read(file).metadata());
        assertEquals(
                StartedRun.classes(),
                List.of(new ObjectMapper().readValue(metadata.remove("classes"), String[].class)));
        assertEquals("crop", metadata.remove("resize"));
        assertEquals("white", metadata.remove("background"));
        assertEquals(
                Map.ofEntries(
                        Map.entry("format", "pt"),
                        Map.entry("centers", "trained centers"),
                        Map.entry("classification", "smallest of distances"),
                        Map.entry("input", "RGB, pixel / 255"),
                        Map.entry("channels", "3"),
                        Map.entry("image_height", "32"),
                        Map.entry("image_width", "32"),
                        Map.entry("features", "16"),
                        Map.entry("loss", "standalone"),
                        Map.entry("unknown_distance", "2.5"),
                        Map.entry(
                                "unknown_class_distances",
                                "[1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,0.25]"),
                        Map.entry("centerloss_version", "1.2.3")),
                metadata);
    }

    @Test
    void classMeansStandInForTheTrainedCentersAndAClassWithoutOneIsInfinitelyFar() {
        Checkpoint checkpoint = StartedRun.from(weights, "xent", folder.resolve("run"));
        double[][] means = new double[10][16];
        means[3][5] = 0.1;
        Arrays.fill(means[9], Double.NaN);
        ExportedModel exported =
                new ExportedModel(checkpoint, CenterKind.MEANS, means, null, "1.2.3");
        Path file = folder.resolve("means.safetensors");
        StateDict.write(exported, true, file);
        Safetensors found = Safetensors.read(file);
        float[] centers = found.get("centers").toFloats();
        assertEquals(0.1f, centers[3 * 16 + 5]);
        assertEquals(Float.POSITIVE_INFINITY, centers[9 * 16]);
        assertEquals("class means", found.metadata().get("centers"));
        assertArrayEquals(
                golden.stateDict().get("fc2.bias").toFloats(), found.get("fc2.bias").toFloats());
    }
}
