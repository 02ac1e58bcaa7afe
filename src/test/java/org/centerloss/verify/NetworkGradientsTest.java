package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objectives;
import org.junit.jupiter.api.Test;

/** Faults in how operations are put together, planted into whole networks. */
class NetworkGradientsTest {
    private static Set<String> failing(Device device) {
        Set<String> failing = new TreeSet<>();
        NetworkGradients.run(
                device,
                List.of(Objectives.STANDALONE),
                0,
                row -> {
                    if (!row.pass()) {
                        failing.add(row.quantity().replaceFirst("^worst: .*", "worst"));
                    }
                });
        return failing;
    }

    private static Set<String> failing(String factory, FaultyDevice.Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(FaultyDevice.of(real, factory, false, fault));
        }
    }

    private static void scale(Tensor tensor, double factor) {
        double[] values = tensor.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        tensor.write(values);
    }

    @Test
    void aFaultlessNetworkPasses() {
        assertEquals(Set.of(), failing("addition", FaultyDevice.NONE));
    }

    @Test
    void aDroppedSkipConnectionIsCaught() {
        FaultyDevice.Fault drop =
                (method, arguments, call) -> {
                    if (!method.equals("forward")) {
                        return call.make();
                    }
                    ((Tensor) arguments[2]).copyFrom((Tensor) arguments[0]);
                    return null;
                };
        assertTrue(failing("addition", drop).contains("features"));
    }

    @Test
    void oneForgottenFactorInOneGradientIsCaught() {
        FaultyDevice.Fault half =
                FaultyDevice.after("backward", 4, dWeight -> scale(dWeight, 1 + 1e-4));
        assertEquals(Set.of("all gradients", "worst"), failing("convolution", half));
    }

    @Test
    void aGradientThatIsNotANumberIsCaught() {
        FaultyDevice.Fault poison =
                FaultyDevice.after(
                        "backward",
                        5,
                        dGamma -> {
                            double[] values = dGamma.toDoubles();
                            values[0] = Double.NaN;
                            dGamma.write(values);
                        });
        assertTrue(failing("batchNormalization", poison).contains("worst"));
    }

    @Test
    void runningStatisticsThatStandStillAreCaught() {
        FaultyDevice.Fault still =
                (method, arguments, call) -> {
                    if (!method.equals("forwardTraining")) {
                        return call.make();
                    }
                    double[] before = ((Tensor) arguments[3]).toDoubles();
                    Object result = call.make();
                    ((Tensor) arguments[3]).write(before);
                    return result;
                };
        assertEquals(Set.of("running statistics"), failing("batchNormalization", still));
    }

    @Test
    void aRepulsionOfTheWrongSignIsCaught() {
        FaultyDevice.Fault flip = FaultyDevice.with("forwardBackward", 2, scale -> -(Double) scale);
        assertTrue(failing("pairwiseRepulsion", flip).contains("all gradients"));
    }
}
