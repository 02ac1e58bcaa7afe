package org.centerloss.cuda.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@VirtualGpu
class CudaProgramTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProgramRunsAgainWithWhatItsTensorsHoldThen(boolean synchronous) {
        try (CudaDevice device = new CudaDevice(0, synchronous);
                Tensor a = device.activation(1, 1, 1, 2);
                Tensor sum = device.activation(1, 1, 1, 2);
                Tensor copy = device.activation(1, 1, 1, 2);
                Addition addition = device.addition(1, 1, 1, 2);
                Program program =
                        device.record(
                                () -> {
                                    copy.zero();
                                    addition.forward(a, sum, sum);
                                    copy.copyFrom(sum);
                                })) {
            assertArrayEquals(new float[2], copy.toFloats());
            a.write(new float[] {1, 2});
            program.run();
            program.run();
            a.write(new float[] {10, 20});
            program.run();
            assertArrayEquals(new float[] {12, 24}, copy.toFloats());
        }
    }

    @Test
    void whatNeedsTheHostIsRefusedInARecordingAndTheDeviceGoesOn() {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor tensor = device.tensor(2)) {
            for (Runnable body :
                    List.<Runnable>of(
                            tensor::toFloats,
                            () -> tensor.write(new float[2]),
                            device::synchronize,
                            () -> device.tensor(2),
                            () -> device.record(tensor::zero))) {
                DeviceException e = assertThrows(DeviceException.class, () -> device.record(body));
                assertTrue(e.getMessage().contains("recorded in a program"), e.getMessage());
                tensor.write(new float[] {1, 2});
                assertArrayEquals(new float[] {1, 2}, tensor.toFloats());
            }
            assertEquals(8, device.liveBytes());
        }
    }

    @Test
    void aFailureOfTheBodyIsPassedOnAndTheDeviceGoesOn() {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor tensor = device.tensor(2)) {
            IllegalStateException failure = new IllegalStateException("body");
            assertEquals(
                    failure,
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    device.record(
                                            () -> {
                                                tensor.zero();
                                                throw failure;
                                            })));
            assertArrayEquals(new float[2], tensor.toFloats());
        }
    }

    @Test
    void aProgramDoesNotRunWithoutItsTensorsOrWhenClosed() {
        try (CudaDevice device = new CudaDevice(0, false)) {
            Tensor tensor = device.tensor(2);
            Program program = device.record(tensor::zero);
            program.run();
            tensor.close();
            DeviceException e = assertThrows(DeviceException.class, program::run);
            assertTrue(e.getMessage().contains("tensor [2]"), e.getMessage());
            program.close();
            program.close();
            assertThrows(DeviceException.class, program::run);
            assertEquals(0, device.liveBytes());
        }
    }

    @Test
    void batchesAreRecordedBeforeTheFirstEpochBegins() {
        try (CudaDevice device = new CudaDevice(0, false);
                ImageStore store =
                        device.imageStore(new byte[] {0, (byte) 255}, new int[] {7, 8}, 1, 1, 1);
                ImageBatches batches = device.imageBatches(store, 1, Augmentation.NONE, 0);
                Tensor images = device.activation(1, 1, 1, 1);
                IntTensor labels = device.intTensor(1);
                Program program = device.record(() -> batches.next(images, labels))) {
            DeviceException e = assertThrows(DeviceException.class, program::run);
            assertTrue(e.getMessage().contains("before begin"), e.getMessage());
            batches.begin(0, new int[] {1, 0}, 0);
            program.run();
            assertArrayEquals(new int[] {8}, labels.toInts());
            assertArrayEquals(new float[] {1}, images.toFloats());
            program.run();
            assertArrayEquals(new int[] {7}, labels.toInts());
        }
    }
}
