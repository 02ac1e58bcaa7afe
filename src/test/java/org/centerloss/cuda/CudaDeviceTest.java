package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceListing;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;

@VirtualGpu
class CudaDeviceTest {
    @Test
    void aSecondThreadIsRefused() {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor tensor = device.tensor(2)) {
            for (Runnable use :
                    List.<Runnable>of(
                            () -> device.tensor(1),
                            tensor::zero,
                            tensor::toFloats,
                            tensor::close,
                            device::synchronize,
                            device::close)) {
                CompletionException e =
                        assertThrows(
                                CompletionException.class,
                                () -> CompletableFuture.runAsync(use).join());
                assertTrue(e.getCause() instanceof DeviceException, e.toString());
                assertTrue(e.getMessage().contains("driven by one thread"), e.getMessage());
            }
            assertArrayEquals(new float[2], tensor.toFloats());
        }
    }

    @Test
    void devicesOfSeveralThreadsDoNotDisturbEachOther() {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor tensor = device.tensor(1)) {
            tensor.write(new float[] {1});
            CompletableFuture.runAsync(
                            () -> {
                                try (CudaDevice other = new CudaDevice(0, false);
                                        Tensor its = other.tensor(1)) {
                                    its.write(new float[] {2});
                                    assertEquals(2, its.toFloats()[0]);
                                    assertThrows(DeviceException.class, () -> its.copyFrom(tensor));
                                }
                            })
                    .join();
            assertEquals(1, tensor.toFloats()[0]);
        }
    }

    @Test
    void closingFreesAndReportsWhatWasLeftOpen() {
        CudaDevice device = new CudaDevice(0, false);
        Tensor left = device.tensor(16);
        DeviceException e = assertThrows(DeviceException.class, device::close);
        assertTrue(e.getMessage().contains("1 tensors or operations were open, 64 bytes"));
        assertEquals(0, e.getSuppressed().length);
        assertEquals(0, device.liveBytes());
        device.close();
        left.close();
        assertThrows(DeviceException.class, left::toFloats);
        assertThrows(DeviceException.class, () -> device.tensor(1));
    }

    @Test
    void aGpuThatIsNotThereIsToldWithTheNumberOfThoseThatAre() {
        DeviceException e = assertThrows(DeviceException.class, () -> Devices.open("cuda:9", 0));
        assertEquals("cuda:9: there is no such GPU; the driver finds 1, cuda:0", e.getMessage());
    }

    @Test
    void theListNamesTheGpuAsItsDriverDoes() {
        List<DeviceListing> gpus = CudaDevice.list();
        assertEquals(1, gpus.size(), gpus.toString());
        assertEquals("cuda:0", gpus.get(0).name());
        assertTrue(gpus.get(0).description().startsWith("Virtual GPU"), gpus.toString());
    }
}
