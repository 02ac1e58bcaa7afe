package org.centerloss.cuda.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceSettings;
import org.centerloss.device.op.Convolution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@VirtualGpu
class ConvolutionAlgorithmsTest {
    private static final Convolution.Shape SHAPE = new Convolution.Shape(2, 3, 6, 5, 4, 3, 1, 1);

    private CudaDevice device;

    @BeforeEach
    void open() {
        device = new CudaDevice(0, false);
    }

    @AfterEach
    void close() {
        device.close();
    }

    private ConvolutionAlgorithms chosen(Convolution.Shape shape) {
        return chosen(shape, shape.outChannels());
    }

    private ConvolutionAlgorithms chosen(Convolution.Shape shape, int outChannels) {
        try (var x =
                        Cudnn.tensor(
                                shape.batch(), shape.inChannels(), shape.height(), shape.width());
                var filter = Cudnn.filter(shape);
                var convolution = Cudnn.convolution(shape);
                var y =
                        Cudnn.tensor(
                                shape.batch(), outChannels, shape.outHeight(), shape.outWidth())) {
            return ConvolutionAlgorithms.choose(
                    "test",
                    device.libraries().cudnn(),
                    new CudnnConvolution.Plan(
                            x.handle(), filter.handle(), convolution.handle(), y.handle()),
                    DeviceSettings.USUAL);
        }
    }

    @Test
    void theAlgorithmsThatAreChosenAreDeterministicAndExact() {
        ConvolutionAlgorithms chosen = chosen(SHAPE);
        assertEquals(1, chosen.forward());
        assertEquals(1, chosen.backwardData());
        assertEquals(1, chosen.backwardFilter());
        assertEquals(Float.BYTES * 27 * 30, chosen.workspaceBytes());
    }

    @Test
    void noRecommendationIsTold() {
        String message = assertThrows(DeviceException.class, () -> chosen(SHAPE, 5)).getMessage();
        assertTrue(message.startsWith("cuda: test forward: "), message);
    }

    @Test
    void algorithmsThatWantTooMuchWorkspaceArePassedOver() {
        // Forward, there is one without a workspace; backward, that one is not deterministic.
        Convolution.Shape large = new Convolution.Shape(1, 512, 130, 130, 1, 3, 1, 0);
        String message = assertThrows(DeviceException.class, () -> chosen(large)).getMessage();
        assertTrue(message.startsWith("cuda: test backward data: cuDNN has no det"), message);
    }
}
