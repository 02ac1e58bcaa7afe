package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.centerloss.base.InputException;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training runs of PyTorch with generated initial weights, repeated.
 *
 * <p>The files hold less than was recorded. Small tensors are whole; of every few of the larger
 * weights, their gradients likewise, there are the norm and every 485th element, of the others
 * nothing.
 */
class RecordedRunTest {
    private static final String LENET = "lenetpp-cent-d2";
    private static final String SMALL_STEM = "resnet18-small-xent-d128";
    private static final String STANDALONE = "resnet18-standalone-d16";
    private static final String RESNET_50 = "resnet50-xent-d32";

    @TempDir private Path folder;

    private Path target() {
        return folder.resolve("altered.safetensors");
    }

    private static List<ResultRow> rows(Device device, Path file) {
        List<ResultRow> rows = new ArrayList<>();
        Golden.run(device, file, rows::add);
        return rows;
    }

    private static List<String> failed(List<ResultRow> rows) {
        return rows.stream().filter(row -> !row.pass()).map(ResultRow::quantity).toList();
    }

    private static List<String> notHeld(List<ResultRow> rows) {
        return rows.stream()
                .filter(row -> Double.isInfinite(row.tolerance()))
                .map(ResultRow::quantity)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {LENET, SMALL_STEM, STANDALONE, RESNET_50})
    void theRunIsRepeatedByTheCpu(String name) throws URISyntaxException {
        try (Device device = Devices.open("cpu", 0)) {
            List<ResultRow> rows = rows(device, AlteredFile.golden(name));
            assertEquals(List.of(), failed(rows));
            assertTrue(rows.size() > 50, "rows: " + rows.size());
            assertEquals(0, device.liveBytes());
        }
    }

    /** Its sums round so little that every ReLU is as in float64. */
    @Test
    @VirtualGpu
    void theFirstStepIsRepeatedByTheCudaDevice() throws URISyntaxException, IOException {
        try (Device device = Devices.open("cuda", 0)) {
            List<ResultRow> rows = rows(device, firstSteps(STANDALONE, 1));
            assertEquals(List.of(), failed(rows));
            assertEquals(List.of(), notHeld(rows));
            assertTrue(rows.size() > 50, "rows: " + rows.size());
            assertEquals(0, device.liveBytes());
        }
    }

    /** Not all steps: they take half a minute. */
    @ParameterizedTest
    @CsvSource({LENET + ", 1", STANDALONE + ", 2", RESNET_50 + ", 1"})
    void theFirstStepsAreRepeatedByTheReference(String name, int steps)
            throws URISyntaxException, IOException {
        try (Device device = Devices.open("reference", 0)) {
            List<ResultRow> rows = rows(device, firstSteps(name, steps));
            assertEquals(List.of(), failed(rows));
            assertTrue(rows.size() > 30, "rows: " + rows.size());
            assertTrue(rows.stream().allMatch(row -> row.tolerance() < 1e-7));
        }
    }

    private Path firstSteps(String name, int steps) throws URISyntaxException, IOException {
        return new AlteredFile(AlteredFile.golden(name)).firstSteps(steps).write(target());
    }

    @Test
    void eachResultIsComparedByItself() throws URISyntaxException, IOException {
        AlteredFile altered =
                new AlteredFile(AlteredFile.golden(LENET))
                        .renamed("step0.grad.fc1.bias", "step0.grad.fc3.bias")
                        .tensor("losses.intra", values -> values[0] *= 1.5);
        Set<String> expected =
                new TreeSet<>(Set.of("step0.grad.fc3.bias", "losses.intra of step 1"));
        List<String> wrong =
                List.of(
                        "step0.features",
                        "step0.logits",
                        "step0.grad.prelu2_1.weight",
                        "step0.grad.centers",
                        "step0.gradnorm.conv1_2.weight",
                        "step0.gradsample.conv3_2.weight",
                        "final.centers",
                        "final.conv2_2.bias",
                        "final.norm.conv3_2.weight",
                        "final.sample.conv2_2.weight",
                        "final.eval_features",
                        "final.eval_logits");
        for (String name : wrong) {
            altered.tensor(name, values -> Arrays.setAll(values, i -> 1.5 * values[i]));
        }
        expected.addAll(wrong);
        try (Device device = Devices.open("cpu", 0)) {
            List<String> failed = failed(rows(device, altered.write(target())));
            assertEquals(expected, new TreeSet<>(failed));
        }
    }

    @Test
    void aForgottenNesterovIsCaught() throws URISyntaxException, IOException {
        FaultyDevice.Fault forget = FaultyDevice.with("sgd", 3, nesterov -> false);
        try (Device real = Devices.open("cpu", 0)) {
            List<String> failed =
                    failed(rows(FaultyDevice.ofCalls(real, forget), firstSteps(SMALL_STEM, 2)));
            assertEquals(List.of("loss of step 2", "losses.xent of step 2"), failed);
        }
    }

    @Test
    @VirtualGpu
    void whatOneReluMayDoIsNotHeldAndMoreFails() throws URISyntaxException, IOException {
        AlteredFile altered =
                new AlteredFile(AlteredFile.golden(LENET))
                        .tensor("step0.features", values -> values[0] += 1e-3)
                        .tensor("step0.grad.fc2.bias", values -> values[0] *= 1.02)
                        .tensor("losses", values -> values[1] *= 1.005)
                        .firstSteps(2);
        try (Device device = Devices.open("cuda", 0)) {
            List<ResultRow> rows = rows(device, altered.write(target()));
            assertEquals(List.of("step0.features"), failed(rows));
            assertEquals(List.of("step0.grad.fc2.bias", "loss of step 2"), notHeld(rows));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seed | 1001 | 1002 | init.head.conv1_1.weight: expected [-0.",
                "init.tensors | 0.4242640687119285 | 0.4242 | init.head.conv1_1.weight: expected [",
                "init.tensors | [1, \"conv1_1.bias\" | [7, \"conv1_1.bias\" | expected number 1, with a name of its own, at place 1, found 7",
                "init.tensors | conv1_2.bias | conv1_1.bias | expected number 4, with a name of its own",
                "init.tensors | prelu1_1 | prelu1_3 | initial weights: expected those of one of resnet, lenet++",
                "init.tensors | [10, 2] | [10, 3] | initial weights: expected those of one of",
                "init.tensors | [32, 1, 5, 5] | [32, 0, 5, 5] | lengths of at least 1, found [32, 0, 5, 5]",
                "init.tensors | \"centers\", [10, 2] | \"centers\", [9, 2] | expected centers of shape [10, 2], found [9, 2]",
                "init.tensors | \"conv1_1.bias\", | 1, | metadata 'init.tensors': [1]",
                "seed | 1001 | 10.5 | metadata 'seed': expected a whole number, found 10.5",
                "replicas | 1 | 2 | metadata 'replicas': expected 1, a batch that is not split, found 2",
                "optimizer | sgd | lbfgs | metadata 'optimizer': expected one of sgd, adamw, found lbfgs",
                "optimizer | sgd | adamw | metadata 'betas': expected JSON, found none",
                "nesterov | False | no | metadata 'nesterov': expected True or False, found no",
                "weight_decay | 0 | NaN | metadata 'weight_decay': expected a finite number, found NaN",
                "momentum | 0.9 | much | metadata 'momentum': expected a number, found much",
                "loss | cent | hinge | metadata 'loss': expected one of xent,",
                "no_gradient | [] | [\"fc2.bias\"] | metadata 'no_gradient': expected [], found [\"fc2.bias\"]",
                "sample_stride | 485 | 0 | metadata 'sample_stride': expected at least 1, found 0",
                "sample_stride | 485 | 97 | tensor 'step0.gradsample.conv1_2.weight': expected 264 elements, found 53",
                "float32_deviation | 2.27e-06 | tiny | metadata 'float32_deviation': a deviation: expected a number, max and a number, or none, found tiny",
                "float32_deviation | \"1.5e-06\", \"6.0e-06\" | \"1.5e-06\" | expected the losses of 5 steps, found 4",
                "float32_deviation | final update | final | metadata 'float32_deviation': final update: expected",
                "init.tensors | [0, \"conv1_1.weight\", [32, 1, 5, 5], 0.0, 0.4242640687119285] | null | metadata 'init.tensors': ",
                "init.tensors | [32, 1, 5, 5] | [32, 1, 5, null] | metadata 'init.tensors': [0]",
                "no_gradient | [] | [null] | metadata 'no_gradient': ",
                "sample_stride | 485 | 9223372036854775807 | expected 1 elements, found 53",
            })
    void whatIsUnsoundIsRefusedInOneLine(String key, String part, String other, String message)
            throws URISyntaxException, IOException {
        Path file =
                new AlteredFile(AlteredFile.golden(LENET))
                        .metadata(key, part, other)
                        .write(target());
        assertRefused(file, message);
    }

    @Test
    void aChecksumThatDiffersIsRefused() throws URISyntaxException, IOException {
        // The last of the numbers: the first four do not show it.
        Path file =
                new AlteredFile(AlteredFile.golden(LENET))
                        .integers("init.crc32", values -> values[3] = 0x12345678)
                        .write(target());
        assertRefused(file, "init.crc32 of conv1_2.weight: expected 12345678, found ");
    }

    private static void assertRefused(Path file, String message) {
        try (Device device = Devices.open("cpu", 0)) {
            String found =
                    assertThrows(InputException.class, () -> rows(device, file)).getMessage();
            assertTrue(found.startsWith("altered: ") && found.contains(message), found);
            assertEquals(0, device.liveBytes());
        }
    }
}
