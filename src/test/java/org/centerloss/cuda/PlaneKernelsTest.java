package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.GlobalAveragePooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kernels that go plane by plane move through memory, and numbers that are none. */
@VirtualGpu
class PlaneKernelsTest {
    private static final int BATCH = 5;
    private static final int CHANNELS = 6;

    /** The network's planes, of which odd ones start inside a sector. */
    @ParameterizedTest
    @ValueSource(ints = {7, 13, 26})
    void everyPixelIsMovedOnceInWholeSectors(int side) {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor x = device.activation(BATCH, CHANNELS, side, side);
                Tensor mean = device.tensor(BATCH, CHANNELS);
                Tensor channels = device.tensor(CHANNELS);
                GlobalAveragePooling pooling =
                        device.globalAveragePooling(BATCH, CHANNELS, side, side);
                BatchNormalization normalization =
                        device.batchNormalization(
                                new BatchNormalization.Shape(
                                        BATCH, CHANNELS, side, side, Epilogue.RELU))) {
            KernelCounters counters =
                    KernelCounters.of(
                            device,
                            () -> {
                                pooling.forward(x, mean);
                                pooling.backward(mean, x);
                                normalization.forwardInference(
                                        x, channels, channels, channels, channels, null, x);
                            });
            int planes = BATCH * CHANNELS;
            long bytes = Float.BYTES * (long) planes * side * side;
            assertEquals(bytes, counters.of("global_average_pooling_forward", "globalBytesRead"));
            assertEquals(
                    bytes, counters.of("global_average_pooling_backward", "globalBytesWritten"));
            assertEquals(bytes, counters.of("batch_normalization_inference", "globalBytesWritten"));
            for (String kernel :
                    new String[] {
                        "global_average_pooling_forward",
                        "global_average_pooling_backward",
                        "batch_normalization_inference"
                    }) {
                for (String access : new String[] {"Read", "Written"}) {
                    assertEquals(
                            counters.of(kernel, "globalIdealSectors" + access),
                            counters.of(kernel, "globalSectors" + access),
                            kernel + " " + access);
                }
            }
        }
    }

    @Test
    void whatIsNotANumberPassesTheRelu() {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor x = device.activation(1, 1, 1, 4);
                Tensor y = device.activation(1, 1, 1, 4);
                Tensor zero = device.tensor(1);
                Tensor one = device.tensor(1);
                Tensor mean = device.tensor(1);
                Tensor variance = device.tensor(1);
                BatchNormalization normalization =
                        device.batchNormalization(
                                new BatchNormalization.Shape(1, 1, 1, 4, Epilogue.RELU))) {
            one.write(new float[] {1});
            x.write(new float[] {-1, Float.NaN, 2, Float.POSITIVE_INFINITY});
            normalization.forwardInference(x, one, zero, zero, one, null, y);
            float[] found = y.toFloats();
            assertEquals(0, found[0]);
            assertEquals(Float.NaN, found[1]);
            assertEquals(2, found[2], 1e-4);
            assertEquals(Float.POSITIVE_INFINITY, found[3]);
            normalization.forwardTraining(x, one, zero, mean, variance, null, y);
            float none = Float.NaN;
            assertArrayEquals(new float[] {none, none, none, none}, y.toFloats());
        }
    }
}
