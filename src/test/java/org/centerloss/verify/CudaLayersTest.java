package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.BatchNormalizationCase;
import org.centerloss.verify.op.ConvolutionCase;
import org.centerloss.verify.op.Inputs;
import org.centerloss.verify.op.LinearCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpRun;
import org.centerloss.verify.op.RandomInputs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The layers by cuBLAS and cuDNN, on the virtual GPU. */
@VirtualGpu
class CudaLayersTest {
    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    @AfterEach
    void usualOrder() {
        VirtualGpu.Controls.load().vgpuSetSeed(0);
    }

    static Stream<Arguments> layers() {
        return Stream.of(ConvolutionCase.all(), BatchNormalizationCase.all(), LinearCase.all())
                .map(cases -> Arguments.of(Named.of(cases.get(0).op(), cases)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyOrderOfWorkGivesTheSameBits(List<OpCase> cases) {
        try (Device device = Devices.open("cuda", 0)) {
            for (OpCase op : cases) {
                Inputs inputs = op.draw(new RandomInputs(SEED, op.op() + op.shape(), 0));
                Map<String, OpRun.Result> first = results(device, 1, op, inputs);
                Map<String, OpRun.Result> second = results(device, 2, op, inputs);
                first.forEach(
                        (quantity, result) ->
                                assertArrayEquals(
                                        result.values(),
                                        second.get(quantity).values(),
                                        op.op() + " " + op.shape() + " " + quantity));
            }
        }
    }

    private static Map<String, OpRun.Result> results(
            Device device, long order, OpCase op, Inputs inputs) {
        VirtualGpu.Controls.load().vgpuSetSeed(order);
        try (OpRun stage = new OpRun(device)) {
            op.run(stage, inputs);
            return stage.results();
        }
    }
}
