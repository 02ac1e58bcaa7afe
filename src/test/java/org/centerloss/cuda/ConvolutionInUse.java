package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.cuda.library.CudnnConvolution;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A convolution that is in use, for mistakes to be planted into: each must be refused by a status
 * of the driver's or the library's, or be a fault of the virtual GPU that says what is wrong.
 */
abstract class ConvolutionInUse {
    private static final Convolution.Shape SHAPE = new Convolution.Shape(2, 3, 6, 5, 4, 3, 1, 1);

    CudaDevice device;
    Convolution convolution;
    CudnnConvolution.Plan plan;
    Tensor x;
    Tensor weight;
    Tensor bias;
    Tensor y;

    @BeforeEach
    void open() {
        device = new CudaDevice(0, false);
        convolution = device.convolution(SHAPE);
        plan = PlantedHostFault.plan(convolution);
        x = device.activation(2, 3, 6, 5);
        weight = device.tensor(4, 3, 3, 3);
        bias = device.tensor(4);
        y = device.activation(2, 4, 6, 5);
        bias.write(new float[] {1, 2, 3, 4});
        forward();
        assertEquals(4, y.toFloats()[2 * 4 * 6 * 5 - 1]);
    }

    /** A fault leaves a context that refuses everything, its end in order too. */
    @AfterEach
    void close() {
        assertThrows(DeviceException.class, device::close, "what the tests leave open");
    }

    final void forward() {
        convolution.forward(x, weight, bias, y);
    }

    static void assertRefused(String status, Runnable call) {
        String message = assertThrows(DeviceException.class, call::run).getMessage();
        assertTrue(message.contains(": " + status + ": "), message);
        assertEquals(1, message.lines().count(), message);
    }

    /** Expects a fault, whose words name the guilty call. */
    final void assertFault(String status, Runnable calls, String... words) {
        assertRefused(
                status,
                () -> {
                    calls.run();
                    device.synchronize();
                });
        String fault = VirtualGpu.Controls.load().vgpuLastFault();
        for (String expected : words) {
            assertTrue(fault.contains(expected), () -> expected + " not in: " + fault);
        }
    }
}
