package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.centerloss.cuda.PlantedHostFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.op.Convolution;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.ConvolutionCase;
import org.centerloss.verify.op.LinearCase;
import org.centerloss.verify.op.OpCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Mistakes of the host that nothing refuses: the cases that {@code verify} runs must find wrong
 * results.
 */
@VirtualGpu
class PlantedHostFaultsTest {
    private static final List<OpCase> CONVOLUTIONS =
            List.of(
                    new ConvolutionCase(new Convolution.Shape(2, 17, 7, 7, 5, 3, 1, 1), true),
                    new ConvolutionCase(new Convolution.Shape(3, 2, 5, 7, 3, 3, 2, 0), true));

    @AfterEach
    void usualOrder() {
        VirtualGpu.Controls.load().vgpuSetSeed(0);
    }

    private static Set<String> failing(List<OpCase> cases, Consumer<Device> plant) {
        try (Device device = Devices.open("cuda", 0)) {
            plant.accept(device);
            return FaultyDevice.failing(cases, false, device);
        }
    }

    @Test
    void withoutAFaultEverythingPasses() {
        assertEquals(Set.of(), failing(CONVOLUTIONS, device -> {}));
        assertEquals(Set.of(), failing(LinearCase.all(), device -> {}));
    }

    @Test
    void productsThatRoundToTf32AreCaught() {
        assertEquals(
                Set.of("y", "dx", "dWeight"),
                failing(LinearCase.all(), PlantedHostFault::roundProducts));
    }

    @Test
    void convolutionsThatRoundToTf32AreCaught() {
        FaultyDevice.Fault round =
                (method, arguments, call) -> {
                    Object made = call.make();
                    if (method.equals("convolution")) {
                        PlantedHostFault.round((Convolution) made);
                    }
                    return made;
                };
        try (Device device = Devices.open("cuda", 0)) {
            assertEquals(
                    Set.of("y", "dx", "dWeight"),
                    FaultyDevice.failing(CONVOLUTIONS, false, FaultyDevice.ofCalls(device, round)));
        }
    }

    @Test
    void aSecondStreamWithoutAnEventIsCaught() {
        Set<String> failing = new TreeSet<>();
        for (int order = 0; order < 4; order++) {
            VirtualGpu.Controls.load().vgpuSetSeed(order);
            failing.addAll(failing(CONVOLUTIONS, PlantedHostFault::loseStream));
        }
        // All of a case fails where a second run gives other bits than the first.
        assertEquals(Set.of("all", "y", "dx", "dWeight", "dBias"), failing);
    }
}
