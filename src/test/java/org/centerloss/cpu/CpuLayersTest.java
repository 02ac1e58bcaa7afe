package org.centerloss.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.centerloss.base.Philox;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.Prelu;
import org.centerloss.reference.ReferenceDevice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every oneDNN layer against the reference device, and the zeros in padded channels. */
class CpuLayersTest {
    private static final long SEED = 20240611;

    /** Runs a layer on a device and returns its results; tensors are closed with the device. */
    private interface Layer {
        List<Tensor> run(Tensors tensors);
    }

    /** Makes the same tensors on any device. */
    private static final class Tensors {
        final Device device;
        private final List<AutoCloseable> made = new ArrayList<>();
        private int stream;

        Tensors(Device device) {
            this.device = device;
        }

        <T extends AutoCloseable> T keep(T resource) {
            made.add(resource);
            return resource;
        }

        Tensor plain(int... shape) {
            return fill(keep(device.tensor(shape)));
        }

        Tensor activation(int... s) {
            return fill(keep(device.activation(s[0], s[1], s[2], s[3])));
        }

        private Tensor fill(Tensor tensor) {
            float[] values = new float[(int) tensor.size()];
            Philox.fillNormal(SEED, stream++, Philox.SYNTHETIC, values);
            tensor.write(values);
            return tensor;
        }

        void close() throws Exception {
            for (int i = made.size() - 1; i >= 0; i--) {
                made.get(i).close();
            }
            assertEquals(0, device.liveBytes());
        }
    }

    private static void agrees(Layer layer, double tolerance) throws Exception {
        try (Device reference = new ReferenceDevice();
                CpuDevice cpu = new CpuDevice(2)) {
            Tensors expectedTensors = new Tensors(reference);
            Tensors foundTensors = new Tensors(cpu);
            List<Tensor> expected = layer.run(expectedTensors);
            List<Tensor> found = layer.run(foundTensors);
            for (int k = 0; k < expected.size(); k++) {
                double[] e = expected.get(k).toDoubles();
                double[] f = found.get(k).toDoubles();
                double largest = Arrays.stream(e).map(Math::abs).max().orElse(0);
                for (int i = 0; i < e.length; i++) {
                    if (!(Math.abs(f[i] - e[i]) <= tolerance * largest)) {
                        fail(
                                "result %d, element %d: expected %s, found %s, largest %s"
                                        .formatted(k, i, e[i], f[i], largest));
                    }
                }
                assertPaddingIsZero((CpuTensor) found.get(k));
            }
            expectedTensors.close();
            foundTensors.close();
        }
    }

    private static void assertPaddingIsZero(CpuTensor tensor) {
        double stored = 0;
        for (int i = 0; i < tensor.buffer().capacity(); i++) {
            stored += Math.abs(tensor.buffer().get(i));
        }
        double visible = 0;
        for (double value : tensor.toDoubles()) {
            visible += Math.abs(value);
        }
        assertEquals(visible, stored, 1e-9 * visible, "padded channels hold something");
    }

    static Stream<Convolution.Shape> convolutions() {
        return Stream.of(
                new Convolution.Shape(2, 1, 9, 9, 16, 3, 1, 0),
                new Convolution.Shape(2, 3, 8, 7, 5, 3, 2, 1),
                new Convolution.Shape(1, 17, 7, 5, 33, 3, 1, 1),
                new Convolution.Shape(3, 31, 7, 6, 16, 1, 2, 0),
                new Convolution.Shape(2, 32, 13, 13, 64, 3, 2, 1),
                new Convolution.Shape(5, 5, 4, 4, 2, 3, 1, 1),
                new Convolution.Shape(1, 16, 1, 1, 16, 3, 1, 1),
                new Convolution.Shape(2, 2, 6, 6, 2, 1, 1, 0),
                new Convolution.Shape(2, 3, 31, 33, 17, 7, 2, 3).withoutBias(),
                new Convolution.Shape(2, 64, 7, 7, 128, 1, 2, 0).withoutBias());
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolutionAgreesWithTheReference(Convolution.Shape s) throws Exception {
        agrees(
                tensors -> {
                    Convolution op = tensors.keep(tensors.device.convolution(s));
                    Tensor x = tensors.activation(s.batch(), s.inChannels(), s.height(), s.width());
                    Tensor w =
                            tensors.plain(s.outChannels(), s.inChannels(), s.kernel(), s.kernel());
                    Tensor b = s.bias() ? tensors.plain(s.outChannels()) : null;
                    int[] out = {s.batch(), s.outChannels(), s.outHeight(), s.outWidth()};
                    Tensor y = tensors.activation(out);
                    Tensor dy = tensors.activation(out);
                    Tensor dx =
                            tensors.activation(s.batch(), s.inChannels(), s.height(), s.width());
                    Tensor dw =
                            tensors.plain(s.outChannels(), s.inChannels(), s.kernel(), s.kernel());
                    Tensor db = s.bias() ? tensors.plain(s.outChannels()) : null;
                    Tensor dwAlone =
                            tensors.plain(s.outChannels(), s.inChannels(), s.kernel(), s.kernel());
                    op.forward(x, w, b, y);
                    op.backward(x, dy, w, dx, dw, db);
                    op.backward(x, dy, w, null, dwAlone, db);
                    return Stream.of(y, dx, dw, db, dwAlone).filter(Objects::nonNull).toList();
                },
                2e-6);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1, 5, 5",
        "3, 3, 4, 6",
        "2, 5, 7, 7",
        "8, 16, 13, 13",
        "2, 17, 3, 3",
        "3, 33, 2, 5",
        "2, 64, 7, 7",
        "5, 40, 1, 1",
        "1, 17, 1, 1",
        "32, 16, 26, 26"
    })
    void batchNormalizationAgreesWithTheReference(int n, int c, int h, int w) throws Exception {
        // Float sums over n·h·w values of either sign.
        double tolerance = 5e-6 + 1e-7 * Math.sqrt((double) n * h * w);
        for (Epilogue epilogue : Epilogue.values()) {
            BatchNormalization.Shape shape = new BatchNormalization.Shape(n, c, h, w, epilogue);
            agrees(tensors -> normalize(tensors, shape), tolerance);
        }
    }

    private static List<Tensor> normalize(Tensors tensors, BatchNormalization.Shape shape) {
        BatchNormalization op = tensors.keep(tensors.device.batchNormalization(shape));
        int[] s = {shape.batch(), shape.channels(), shape.height(), shape.width()};
        Tensor x = tensors.activation(s);
        Tensor gamma = tensors.plain(s[1]);
        Tensor beta = tensors.plain(s[1]);
        Tensor mean = tensors.plain(s[1]);
        Tensor variance = tensors.plain(s[1]);
        float[] ones = new float[s[1]];
        Arrays.fill(ones, 1);
        variance.write(ones);
        Tensor y = tensors.activation(s);
        Tensor inferred = tensors.activation(s);
        Tensor dy = tensors.activation(s);
        Tensor dx = tensors.activation(s);
        Tensor dGamma = tensors.plain(s[1]);
        Tensor dBeta = tensors.plain(s[1]);
        Tensor z = shape.adds() ? tensors.activation(s) : null;
        op.forwardTraining(x, gamma, beta, mean, variance, z, y);
        op.forwardInference(x, gamma, beta, mean, variance, z, inferred);
        op.backward(x, y, dy, gamma, dx, dGamma, dBeta);
        op.forwardInference(x, gamma, beta, mean, variance, z, x);
        // By now dy is the gradient of z.
        Tensor dz = shape.adds() ? dy : null;
        return Stream.of(y, inferred, x, mean, variance, dx, dGamma, dBeta, dz)
                .filter(Objects::nonNull)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 5, 5", "1, 17, 3, 4", "3, 32, 7, 7"})
    void additionAgreesWithTheReferenceAlsoInPlace(int n, int c, int h, int w) throws Exception {
        agrees(
                tensors -> {
                    Addition op = tensors.keep(tensors.device.addition(n, c, h, w));
                    Tensor a = tensors.activation(n, c, h, w);
                    Tensor b = tensors.activation(n, c, h, w);
                    Tensor out = tensors.activation(n, c, h, w);
                    op.forward(a, b, out);
                    op.forward(a, b, b);
                    op.forward(a, b, a);
                    return List.of(out, a, b);
                },
                1e-7);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 5, 5", "3, 17, 3, 4", "2, 5, 1, 1", "3, 32, 7, 7"})
    void globalAveragePoolingAgreesWithTheReference(int n, int c, int h, int w) throws Exception {
        agrees(
                tensors -> {
                    GlobalAveragePooling op =
                            tensors.keep(tensors.device.globalAveragePooling(n, c, h, w));
                    Tensor x = tensors.activation(n, c, h, w);
                    Tensor y = tensors.plain(n, c);
                    Tensor dy = tensors.plain(n, c);
                    Tensor dx = tensors.activation(n, c, h, w);
                    op.forward(x, y);
                    op.backward(dy, dx);
                    return List.of(y, dx);
                },
                1e-6);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 5, 5, 3, 2, 1", "3, 17, 6, 9, 2, 2, 0", "2, 32, 7, 7, 3, 2, 1"})
    void maxPoolingAgreesWithTheReference(int n, int c, int h, int w, int k, int s, int p)
            throws Exception {
        MaxPooling.Shape shape = new MaxPooling.Shape(n, c, h, w, k, s, p, true);
        agrees(
                tensors -> {
                    MaxPooling op = tensors.keep(tensors.device.maxPooling(shape));
                    Tensor x = tensors.activation(n, c, h, w);
                    Tensor y = tensors.activation(n, c, shape.outHeight(), shape.outWidth());
                    Tensor dy = tensors.activation(n, c, shape.outHeight(), shape.outWidth());
                    Tensor dx = tensors.activation(n, c, h, w);
                    op.forward(x, y);
                    op.backward(x, y, dy, dx);
                    return List.of(y, dx);
                },
                1e-6);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 5, 5", "3, 17, 6, 9", "9, 32, 28, 28"})
    void preluAgreesWithTheReference(int n, int c, int h, int w) throws Exception {
        agrees(
                tensors -> {
                    Prelu op = tensors.keep(tensors.device.prelu(n, c, h, w));
                    Tensor x = tensors.activation(n, c, h, w);
                    Tensor y = tensors.activation(n, c, h, w);
                    Tensor dy = tensors.activation(n, c, h, w);
                    Tensor dx = tensors.activation(n, c, h, w);
                    Tensor slope = tensors.plain(1);
                    Tensor dSlope = tensors.plain(1);
                    op.forward(x, slope, y);
                    op.backward(x, dy, slope, dx, dSlope);
                    return List.of(y, dx, dSlope);
                },
                1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "128, 128, 2", "33, 17, 31", "5, 64, 10"})
    void linearAgreesWithTheReference(int m, int in, int out) throws Exception {
        agrees(
                tensors -> {
                    Linear op = tensors.keep(tensors.device.linear(m, in, out));
                    Tensor x = tensors.plain(m, in);
                    Tensor w = tensors.plain(out, in);
                    Tensor b = tensors.plain(out);
                    Tensor y = tensors.plain(m, out);
                    Tensor dy = tensors.plain(m, out);
                    Tensor dx = tensors.plain(m, in);
                    Tensor dw = tensors.plain(out, in);
                    Tensor db = tensors.plain(out);
                    op.forward(x, w, b, y);
                    op.backward(x, dy, w, dx, dw, db);
                    return List.of(y, dx, dw, db);
                },
                2e-6);
    }
}
