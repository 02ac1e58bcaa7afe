package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Flatten;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many launches a layer takes. */
@VirtualGpu
class LayerLaunchesTest {
    /** Of our own kernels and the libraries'. */
    private static long launches(CudaDevice device, Runnable body) {
        try (Program program = device.record(body)) {
            return KernelCounters.of(device, program::run).api("graphNodes");
        }
    }

    @Test
    void convolutionWithoutABiasLaunchesNothingForIt() {
        Convolution.Shape shape = new Convolution.Shape(2, 3, 5, 5, 4, 3, 1, 1);
        try (CudaDevice device = new CudaDevice(0, false);
                Convolution with = device.convolution(shape);
                Convolution without = device.convolution(shape.withoutBias());
                Tensor x = device.activation(2, 3, 5, 5);
                Tensor weight = device.tensor(4, 3, 3, 3);
                Tensor bias = device.tensor(4);
                Tensor y = device.activation(2, 4, 5, 5);
                Tensor dx = device.activation(2, 3, 5, 5);
                Tensor dWeight = device.tensor(4, 3, 3, 3);
                Tensor dBias = device.tensor(4)) {
            assertEquals(2, launches(device, () -> with.forward(x, weight, bias, y)));
            assertEquals(1, launches(device, () -> without.forward(x, weight, null, y)));
            assertEquals(
                    3, launches(device, () -> with.backward(x, y, weight, dx, dWeight, dBias)));
            assertEquals(
                    2, launches(device, () -> without.backward(x, y, weight, dx, dWeight, null)));
        }
    }

    @Test
    void flatteningIsOneCopy() {
        try (CudaDevice device = new CudaDevice(0, false);
                Flatten flatten = device.flatten(2, 17, 3, 5);
                Tensor x = device.activation(2, 17, 3, 5);
                Tensor y = device.tensor(2, 255)) {
            x.zero();
            for (Runnable pass :
                    new Runnable[] {() -> flatten.forward(x, y), () -> flatten.backward(y, x)}) {
                assertEquals(1, launches(device, pass));
                KernelCounters counters = KernelCounters.of(device, pass);
                assertEquals(Float.BYTES * x.size(), counters.api("bytesDeviceToDevice"));
            }
        }
    }

    /** cuDNN's call and a kernel for what follows; in inference one kernel for all. */
    @ParameterizedTest
    @CsvSource({"NONE, 1", "RELU, 2", "ADD_RELU, 2"})
    void whatFollowsABatchNormalisationIsOneLaunch(Epilogue epilogue, int expected) {
        BatchNormalization.Shape shape = new BatchNormalization.Shape(2, 3, 5, 5, epilogue);
        try (CudaDevice device = new CudaDevice(0, false);
                BatchNormalization op = device.batchNormalization(shape);
                Tensor x = device.activation(2, 3, 5, 5);
                Tensor z = shape.adds() ? device.activation(2, 3, 5, 5) : null;
                Tensor y = device.activation(2, 3, 5, 5);
                Tensor dy = device.activation(2, 3, 5, 5);
                Tensor dx = device.activation(2, 3, 5, 5);
                Tensor gamma = device.tensor(3);
                Tensor beta = device.tensor(3);
                Tensor mean = device.tensor(3);
                Tensor variance = device.tensor(3);
                Tensor dGamma = device.tensor(3);
                Tensor dBeta = device.tensor(3)) {
            assertEquals(
                    expected,
                    launches(
                            device,
                            () -> op.forwardTraining(x, gamma, beta, mean, variance, z, y)));
            assertEquals(
                    expected,
                    launches(device, () -> op.backward(x, y, dy, gamma, dx, dGamma, dBeta)));
            assertEquals(
                    1,
                    launches(
                            device,
                            () -> op.forwardInference(x, gamma, beta, mean, variance, z, y)));
        }
    }
}
