package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.Gpu;
import org.centerloss.cuda.driver.KernelModule;
import org.centerloss.cuda.driver.KernelSource;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.Test;

/**
 * A center whose first element is number 3·10⁹ of the centers. Only that row is in memory: the
 * kernel gets the address at which the centers would start.
 */
@VirtualGpu
class LargeIndexTest {
    private static final int CLASS = 3_000_000;
    private static final int FEATURES = 1_000;
    private static final int LANES = 32;
    private static final int CHUNK = 8;
    private static final int THREADS = 256;
    private static final int SLICES = (FEATURES - 1) / (4 * LANES) + 1;

    @Test
    void elementPastTwoToThe31IsReached() {
        assertEquals(4.0 * FEATURES, loss(KernelSource.ptx("center_loss")), 1e-3);
    }

    @Test
    void offsetIn32BitsIsCaught() {
        PlantedFault offset =
                PlantedFault.in(
                        "center_loss", "static_cast<size_t>(own.label) * d", "own.label * d");
        assertThrows(DeviceException.class, () -> loss(offset.ptx()));
        String fault = VirtualGpu.Controls.load().vgpuLastFault();
        assertTrue(fault.contains("center_loss_forward"), fault);
        assertTrue(fault.contains("in no device allocation"), fault);
    }

    /** The squared distance of a sample of 1s from a center of 3s. */
    private static double loss(String ptx) {
        try (CudaDevice device = new CudaDevice(0, false);
                KernelModule module = new KernelModule("center_loss", ptx, Gpu.open(0));
                Tensor x = device.tensor(1, FEATURES);
                Tensor center = device.tensor(1, FEATURES);
                IntTensor order = device.intTensor(4);
                Tensor losses = device.tensor(SLICES)) {
            x.write(filled(1));
            center.write(filled(3));
            // Sample 0 is the only one of its class.
            order.write(new int[] {0, 0, 1, CLASS});
            CUfunction forward = module.function("center_loss_forward");
            DeviceAddress centers =
                    ((CudaTensor) center).address().plus(-(long) CLASS * FEATURES * Float.BYTES);
            Pointer parameters =
                    Pointer.to(
                            address(((CudaTensor) x).address()),
                            address(centers),
                            address(((CudaIntTensor) order).address()),
                            integer(1),
                            integer(FEATURES),
                            integer(CLASS + 1),
                            integer(LANES),
                            integer(CHUNK),
                            Pointer.to(new float[] {0}),
                            address(((CudaTensor) losses).address()));
            Cuda.call(
                    "kernel center_loss_forward",
                    () ->
                            JCudaDriver.cuLaunchKernel(
                                    forward,
                                    1,
                                    SLICES,
                                    1,
                                    THREADS,
                                    1,
                                    1,
                                    0,
                                    device.stream().handle(),
                                    parameters,
                                    null));
            double sum = 0;
            for (double part : losses.toDoubles()) {
                sum += part;
            }
            return sum;
        }
    }

    private static float[] filled(float value) {
        float[] values = new float[FEATURES];
        Arrays.fill(values, value);
        return values;
    }

    private static Pointer address(DeviceAddress address) {
        return Pointer.to(new long[] {address.value()});
    }

    private static Pointer integer(int value) {
        return Pointer.to(new int[] {value});
    }
}
