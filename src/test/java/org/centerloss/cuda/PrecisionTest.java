package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.centerloss.device.DeviceSettings;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Linear;
import org.junit.jupiter.api.Test;

/** What --tf32, --nondeterministic and --verbose change, and that nothing else does. */
@VirtualGpu
class PrecisionTest {
    private static final Convolution.Shape SHAPE = new Convolution.Shape(2, 3, 6, 6, 4, 3, 1, 1);
    private static final double TF32_STEP = 1 / 1024.0;

    private final List<String> details = new ArrayList<>();

    private CudaDevice open(boolean tf32, boolean deterministic) {
        return new CudaDevice(
                0, new DeviceSettings(0, false, tf32, deterministic, line -> {}, details::add));
    }

    private static Tensor random(Tensor tensor) {
        Random random = new Random(tensor.size());
        float[] values = new float[(int) tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        tensor.write(values);
        return tensor;
    }

    private static float[] convolution(CudaDevice device) {
        try (Tensor x = random(device.activation(2, 3, 6, 6));
                Tensor weight = random(device.tensor(4, 3, 3, 3));
                Tensor bias = device.tensor(4);
                Tensor y = device.activation(2, 4, 6, 6);
                Convolution convolution = device.convolution(SHAPE)) {
            convolution.forward(x, weight, bias, y);
            return y.toFloats();
        }
    }

    private static float[] product(CudaDevice device) {
        try (Tensor x = random(device.tensor(5, 7));
                Tensor weight = random(device.tensor(3, 7));
                Tensor bias = device.tensor(3);
                Tensor y = device.tensor(5, 3);
                Linear linear = device.linear(5, 7, 3)) {
            linear.forward(x, weight, bias, y);
            return y.toFloats();
        }
    }

    private static double largestRelativeDifference(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]) / b[i]);
        }
        return largest;
    }

    @Test
    void tf32RoundsConvolutionsAndProductsAndIsOffUnlessAskedFor() {
        try (CudaDevice exact = open(false, true);
                CudaDevice usual = new CudaDevice(0, false);
                CudaDevice rounding = open(true, true)) {
            assertArrayEquals(convolution(exact), convolution(usual));
            assertArrayEquals(product(exact), product(usual));
            for (double difference :
                    List.of(
                            largestRelativeDifference(convolution(rounding), convolution(exact)),
                            largestRelativeDifference(product(rounding), product(exact)))) {
                assertTrue(
                        difference > TF32_STEP / 100 && difference < TF32_STEP,
                        "difference " + difference);
            }
            assertEquals(exact.description() + ", TF32", rounding.description());
        }
    }

    @Test
    void theAlgorithmsAreToldAndAddInAFixedOrderUnlessAskedOtherwise() {
        try (CudaDevice device = open(false, true)) {
            convolution(device);
        }
        try (CudaDevice device = open(false, false)) {
            convolution(device);
            assertTrue(device.description().endsWith(", sums in any order"));
        }
        assertEquals(2, details.size(), details.toString());
        assertTrue(details.get(0).contains("convolution Shape[batch=2,"), details.get(0));
        assertTrue(
                details.get(0)
                        .contains(
                                "forward FWD_ALGO_IMPLICIT_PRECOMP_GEMM, backward data"
                                        + " BWD_DATA_ALGO_1, backward filter BWD_FILTER_ALGO_1, workspace "),
                details.get(0));
        // The first of each is cuDNN's own choice, which adds with atomic operations.
        assertTrue(details.get(1).contains("backward data BWD_DATA_ALGO_0"), details.get(1));
        assertTrue(details.get(1).contains("backward filter BWD_FILTER_ALGO_0"), details.get(1));
    }
}
