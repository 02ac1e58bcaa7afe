package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.centerloss.base.UserCache;
import org.centerloss.cuda.driver.NativeLibraries;
import org.centerloss.cuda.library.Cudnn;
import org.centerloss.device.Device;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.Convolution;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Network;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What NVIDIA's cuDNN itself makes of every descriptor that the network needs. That asks for no
 * GPU, so the test runs wherever {@code make cuda-libs} has unpacked the library.
 */
public class RealCudnnTest {
    /** In a process of its own: in this one, the virtual GPU's cuDNN may be loaded. */
    static final class Descriptors {
        private static final int[] BATCHES = {1, 32, 127, 1000};

        private final Set<Convolution.Shape> convolutions = new LinkedHashSet<>();
        private final Set<BatchNormalization.Shape> normalizations = new LinkedHashSet<>();

        public static void main(String[] arguments) {
            NativeLibraries.loadCudnn();
            Descriptors descriptors = new Descriptors();
            for (int[] image : new int[][] {{1, 28, 28}, {3, 32, 32}, {3, 48, 64}}) {
                for (int size = 1; size <= 2; size++) {
                    descriptors.collect(
                            new NetworkShape(image[0], image[1], image[2], 2, 10, size, size));
                }
            }
            descriptors.collectResidualNetworks();
            for (int batch : BATCHES) {
                descriptors.convolutions.forEach(shape -> checkConvolution(batch, shape));
                descriptors.normalizations.forEach(shape -> checkNormalization(batch, shape));
            }
            System.out.printf(
                    "cuDNN %s: %d convolutions, %d batch normalizations%n",
                    Cudnn.version(),
                    descriptors.convolutions.size(),
                    descriptors.normalizations.size());
        }

        /** Builds the network for one image, and notes what it asks the device for. */
        private void collect(NetworkShape network) {
            Objective objective = Objectives.of("xent").create(Objectives.Settings.DEFAULT);
            try (Device cpu = Devices.open("cpu", 1);
                    Parameters parameters =
                            new Parameters(cpu, Objectives.parameters(objective, network, true));
                    Network model = new Network(noting(cpu), network, 1, parameters, true)) {
                assertEquals(2, model.features().size());
            }
        }

        /** What ResNet-18 to ResNet-152 convolve, on photos of 224 pixels and of odd sides. */
        private void collectResidualNetworks() {
            int[][] layers = {
                {3, 224, 64, 7, 2, 3}, {3, 97, 64, 7, 2, 3}, {3, 97, 32, 5, 1, 2},
                {3, 97, 32, 5, 2, 2}, {64, 56, 64, 3, 1, 1}, {64, 25, 128, 3, 2, 1},
                {64, 56, 256, 1, 1, 0}, {256, 56, 512, 1, 2, 0}, {1024, 13, 2048, 1, 2, 0},
                {512, 1, 512, 3, 1, 1}
            };
            for (int[] l : layers) {
                convolutions.add(
                        new Convolution.Shape(1, l[0], l[1], l[1], l[2], l[3], l[4], l[5])
                                .withoutBias());
            }
        }

        private Device noting(Device device) {
            return (Device)
                    Proxy.newProxyInstance(
                            Device.class.getClassLoader(),
                            new Class<?>[] {Device.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("convolution")) {
                                    convolutions.add((Convolution.Shape) arguments[0]);
                                } else if (method.getName().equals("batchNormalization")) {
                                    normalizations.add((BatchNormalization.Shape) arguments[0]);
                                }
                                try {
                                    return method.invoke(device, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
        }

        private static void checkConvolution(int batch, Convolution.Shape single) {
            Convolution.Shape shape =
                    new Convolution.Shape(
                            batch,
                            single.inChannels(),
                            single.height(),
                            single.width(),
                            single.outChannels(),
                            single.kernel(),
                            single.stride(),
                            single.padding(),
                            single.bias());
            int[] y = {batch, shape.outChannels(), shape.outHeight(), shape.outWidth()};
            try (var from = Cudnn.tensor(batch, shape.inChannels(), shape.height(), shape.width());
                    var filter = Cudnn.filter(shape);
                    var convolution = Cudnn.convolution(shape);
                    var to = Cudnn.tensor(y)) {
                int[][] found = new int[4][1];
                accepted(
                        JCudnn.cudnnGetConvolution2dForwardOutputDim(
                                convolution.handle(),
                                from.handle(),
                                filter.handle(),
                                found[0],
                                found[1],
                                found[2],
                                found[3]));
                assertArrayEquals(y, flat(found), shape::toString);
                int[] math = new int[1];
                accepted(JCudnn.cudnnGetConvolutionMathType(convolution.handle(), math));
                assertEquals(cudnnMathType.CUDNN_FMA_MATH, math[0]);
                long[] bytes = new long[1];
                accepted(JCudnn.cudnnGetFilterSizeInBytes(filter.handle(), bytes));
                assertEquals(
                        (long) Float.BYTES
                                * shape.outChannels()
                                * shape.inChannels()
                                * shape.kernel()
                                * shape.kernel(),
                        bytes[0]);
                checkPacked(to.handle(), y);
            }
        }

        /** That a value per channel is what cuDNN expects for scale, shift and statistics. */
        private static void checkNormalization(int batch, BatchNormalization.Shape shape) {
            int[] x = {batch, shape.channels(), shape.height(), shape.width()};
            try (var image = Cudnn.tensor(x);
                    var channels = Cudnn.channels(shape.channels());
                    var derived = Cudnn.tensor(1, 1, 1, 1)) {
                accepted(
                        JCudnn.cudnnDeriveBNTensorDescriptor(
                                derived.handle(),
                                image.handle(),
                                cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL));
                checkPacked(image.handle(), x);
                int[] c = {1, shape.channels(), 1, 1};
                checkPacked(derived.handle(), c);
                checkPacked(channels.handle(), c);
            }
        }

        /** That a tensor is of float32, in the order of its dimensions, without gaps. */
        private static void checkPacked(cudnnTensorDescriptor tensor, int[] shape) {
            int[] type = new int[1];
            int[][] found = new int[8][1];
            accepted(
                    JCudnn.cudnnGetTensor4dDescriptor(
                            tensor, type, found[0], found[1], found[2], found[3], found[4],
                            found[5], found[6], found[7]));
            assertEquals(cudnnDataType.CUDNN_DATA_FLOAT, type[0]);
            int plane = shape[2] * shape[3];
            assertArrayEquals(
                    new int[] {
                        shape[0], shape[1], shape[2], shape[3], shape[1] * plane, plane, shape[3], 1
                    },
                    flat(found));
            long[] bytes = new long[1];
            accepted(JCudnn.cudnnGetTensorSizeInBytes(tensor, bytes));
            assertEquals((long) Float.BYTES * shape[0] * shape[1] * plane, bytes[0]);
        }

        private static int[] flat(int[][] values) {
            return Arrays.stream(values).mapToInt(value -> value[0]).toArray();
        }

        private static void accepted(int status) {
            assertEquals(0, status, () -> JCudnn.cudnnGetErrorString(status));
        }
    }

    private static Path libraries() {
        return UserCache.folder(System.getenv()).resolve(NativeLibraries.UNPACKED);
    }

    static boolean librariesAreUnpacked() {
        return Files.isDirectory(libraries());
    }

    @Test
    @EnabledIf("librariesAreUnpacked")
    void cudnnAgreesOnEveryDescriptorOfTheNetwork() throws Exception {
        ChildJvm.Result result =
                ChildJvm.run(
                        Descriptors.class,
                        Map.of(NativeLibraries.DIRECTORY, libraries().toString()));
        assertEquals(0, result.status(), result.err());
        assertTrue(
                result.out()
                        .matches("cuDNN 9\\.5\\.1: [1-9]\\d+ convolutions, [1-9]\\d+ batch .*\\s"),
                result.out());
    }
}
