package org.centerloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.centerloss.base.Philox;
import org.centerloss.cpu.onednn.OneDnn;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.Convolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How operations run: same bits, no garbage, the threads asked for, refusals. */
class CpuExecutionTest {
    private static final long SEED = 7;

    /** A small convolution, normalisation and sum, forward and backward. */
    private static final class Step implements AutoCloseable {
        private static final int N = 4;
        private static final int C = 40;
        private static final int SIDE = 7;
        private final Tensor parameters;
        private final Tensor gradients;
        private final Tensor statistics;
        private final Tensor x;
        private final Tensor y;
        private final Tensor z;
        private final Tensor dx;
        private final Convolution convolution;
        private final BatchNormalization normalization;
        private final Addition addition;

        Step(CpuDevice device) {

            parameters = device.tensor(20000);
            gradients = device.tensor(20000);
            statistics = device.tensor(128);
            x = device.activation(N, C, SIDE, SIDE);
            y = device.activation(N, C, SIDE, SIDE);
            z = device.activation(N, C, SIDE, SIDE);
            dx = device.activation(N, C, SIDE, SIDE);
            convolution = device.convolution(new Convolution.Shape(N, C, SIDE, SIDE, C, 3, 1, 1));
            normalization =
                    device.batchNormalization(
                            new BatchNormalization.Shape(N, C, SIDE, SIDE, Epilogue.RELU));
            addition = device.addition(N, C, SIDE, SIDE);
            random(parameters, 1);
            random(x, 2);
        }

        private static void random(Tensor tensor, int stream) {
            float[] values = new float[(int) tensor.size()];
            Philox.fillNormal(SEED, stream, Philox.SYNTHETIC, values);
            tensor.write(values);
        }

        /** Everything that is run again and again, on slices made once. */
        Runnable body() {
            Tensor weight = parameters.slice(0, C, C, 3, 3);
            Tensor bias = parameters.slice(14400, C);
            Tensor gamma = parameters.slice(14464, C);
            Tensor beta = parameters.slice(14528, C);
            Tensor dWeight = gradients.slice(0, C, C, 3, 3);
            Tensor dBias = gradients.slice(14400, C);
            Tensor dGamma = gradients.slice(14464, C);
            Tensor dBeta = gradients.slice(14528, C);
            Tensor mean = statistics.slice(0, C);
            Tensor variance = statistics.slice(64, C);
            return () -> {
                convolution.forward(x, weight, bias, y);
                normalization.forwardTraining(y, gamma, beta, mean, variance, null, z);
                addition.forward(z, x, dx);
                normalization.backward(y, z, dx, gamma, dx, dGamma, dBeta);
                convolution.backward(x, dx, weight, z, dWeight, dBias);
            };
        }

        @Override
        public void close() {
            addition.close();
            normalization.close();
            convolution.close();
            for (Tensor tensor : new Tensor[] {dx, z, y, x, statistics, gradients, parameters}) {
                tensor.close();
            }
        }
    }

    @Test
    void theSameInputGivesTheSameBits() {
        try (CpuDevice device = new CpuDevice(2);
                Step step = new Step(device)) {
            Runnable body = step.body();
            body.run();
            float[] gradients = step.gradients.toFloats();
            float[] inputGradient = step.z.toFloats();
            for (int repetition = 0; repetition < 20; repetition++) {
                body.run();
                assertArrayEquals(gradients, step.gradients.toFloats(), 0f);
                assertArrayEquals(inputGradient, step.z.toFloats(), 0f);
            }
        }
    }

    /** Plans made for another number of threads than they run with would go wrong here. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void anyThreadCountGivesTheSameGradients(int threads) {
        try (CpuDevice reference = new CpuDevice(4);
                Step expected = new Step(reference);
                CpuDevice device = new CpuDevice(threads);
                Step step = new Step(device)) {
            expected.body().run();
            step.body().run();
            float[] gradients = step.gradients.toFloats();
            float largest = 0;
            for (float gradient : gradients) {
                largest = Math.max(largest, Math.abs(gradient));
            }
            assertArrayEquals(expected.gradients.toFloats(), gradients, 1e-5f * largest);
            assertTrue(largest > 1, "largest gradient " + largest);
        }
    }

    @Test
    void aRecordedProgramRunsWithoutGarbage() {
        try (CpuDevice device = new CpuDevice(2);
                Step step = new Step(device);
                Program program = device.record(step.body())) {
            for (int i = 0; i < 2000; i++) {
                program.run();
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long id = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 200; i++) {
                program.run();
            }
            long perStep = (threads.getThreadAllocatedBytes(id) - before) / 200;
            assertTrue(perStep < 500, perStep + " bytes of garbage per step");
        }
    }

    @Test
    void recordingRunsNothing() {
        try (CpuDevice device = new CpuDevice(1);
                Tensor tensor = device.tensor(4)) {
            tensor.write(new float[] {1, 2, 3, 4});
            try (Program program = device.record(tensor::zero)) {
                assertEquals(4, tensor.toFloats()[3]);
                program.run();
                assertEquals(0, tensor.toFloats()[3]);
            }
        }
    }

    @Test
    void everyThreadThatRunsADeviceUsesItsThreadCount() throws InterruptedException {
        try (CpuDevice one = new CpuDevice(1);
                CpuDevice three = new CpuDevice(3)) {
            assertEquals(1, threadsAfterARun(one));
            assertEquals(3, threadsAfterARun(three));
            assertEquals(1, threadsAfterARun(one));
            int[] elsewhere = new int[1];
            Thread thread = new Thread(() -> elsewhere[0] = threadsAfterARun(three));
            thread.start();
            thread.join();
            assertEquals(3, elsewhere[0]);
        }
    }

    private static int threadsAfterARun(CpuDevice device) {
        try (Tensor a = device.activation(1, 16, 4, 4);
                Addition addition = device.addition(1, 16, 4, 4)) {
            addition.forward(a, a, a);
            return device.oneDnn().openMp().current();
        }
    }

    @Test
    void wrongArgumentsAreNamed() {
        try (CpuDevice device = new CpuDevice(1);
                CpuDevice other = new CpuDevice(1);
                Addition addition = device.addition(2, 16, 4, 4);
                Tensor right = device.activation(2, 16, 4, 4);
                Tensor wrong = device.activation(2, 16, 4, 5);
                Tensor plain = device.tensor(2, 16, 4, 4);
                Tensor foreign = other.activation(2, 16, 4, 4)) {
            assertEquals(
                    "addition [2, 16, 4, 4]: b: expected activation [2, 16, 4, 4] of this device, found activation [2, 16, 4, 5]",
                    message(() -> addition.forward(right, wrong, right)));
            assertEquals(
                    "addition [2, 16, 4, 4]: a: expected activation [2, 16, 4, 4] of this device, found tensor [2, 16, 4, 4]",
                    message(() -> addition.forward(plain, right, right)));
            assertEquals(
                    "addition [2, 16, 4, 4]: out: expected activation [2, 16, 4, 4] of this device, found activation [2, 16, 4, 4] of another device",
                    message(() -> addition.forward(right, right, foreign)));
            assertEquals(
                    "addition [2, 16, 4, 4]: out: expected activation [2, 16, 4, 4] of this device, found null",
                    message(() -> addition.forward(right, right, null)));
        }
    }

    private static String message(Runnable call) {
        return assertThrows(DeviceException.class, call::run).getMessage();
    }

    @Test
    void closedOperationsRefuseToRun() {
        try (CpuDevice device = new CpuDevice(1);
                Tensor a = device.activation(1, 16, 4, 4)) {
            Addition addition = device.addition(1, 16, 4, 4);
            addition.close();
            addition.close();
            assertThrows(DeviceException.class, () -> addition.forward(a, a, a));
        }
    }

    @Test
    void backwardNeedsATrainingPass() {
        try (CpuDevice device = new CpuDevice(1);
                BatchNormalization op =
                        device.batchNormalization(
                                new BatchNormalization.Shape(1, 16, 4, 4, Epilogue.RELU));
                Tensor x = device.activation(1, 16, 4, 4);
                Tensor c = device.tensor(16)) {
            assertThrows(DeviceException.class, () -> op.backward(x, x, x, c, x, c, c));
        }
    }

    @Test
    void oneDnnFailuresNameOperationAndStatus() {
        assertEquals(
                "convolution: oneDNN answers dnnl_unimplemented",
                message(() -> OneDnn.check(3, "convolution")));
    }

    @Test
    void everythingIsFreed() {
        CpuDevice device = new CpuDevice(2);
        try (Step step = new Step(device)) {
            step.body().run();
            assertTrue(device.liveBytes() > 0);
        }
        assertEquals(0, device.liveBytes());
        device.close();
    }

    @Test
    void theDescriptionNamesLibraryInstructionSetAndThreads() {
        try (CpuDevice device = new CpuDevice(2)) {
            assertTrue(
                    device.description().matches("oneDNN 3\\.11\\.\\d+, .+, 2 threads"),
                    device.description());
        }
    }
}
