package org.centerloss.loss;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.loss.Objectives.Settings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is advised where a loss diverges. */
class RemedyTest {
    private static final Map<String, Settings> ONE_CHANGED =
            Map.of(
                    "--weight-intra", new Settings(0.5, 0.1, 1.0, 10.0, 0.05),
                    "--weight-inter", new Settings(1.0, 0.01, 1.0, 10.0, 0.05),
                    "--weight-cent", new Settings(1.0, 0.1, 0.5, 10.0, 0.05),
                    "--margin", new Settings(1.0, 0.1, 1.0, 2.0, 0.05),
                    "--alpha", new Settings(1.0, 0.1, 1.0, 10.0, 0.01));

    @ParameterizedTest
    @EnumSource
    void theAdviceNamesOnlySettingsThatTheLossHasAndNotTheLossItself(Objectives loss) {
        Objective objective = loss.create(Settings.DEFAULT);
        assertTrue(objective.remedy().startsWith("a lower --lr"), objective.remedy());
        Matcher option = Pattern.compile("--[a-z-]+").matcher(objective.remedy());
        while (option.find()) {
            if (option.group().equals("--loss")) {
                assertFalse(objective.remedy().contains(loss.key()), objective.remedy());
            } else if (!option.group().equals("--lr")) {
                assertNotEquals(
                        objective,
                        loss.create(ONE_CHANGED.get(option.group())),
                        option.group() + " changes nothing for " + loss.key());
            }
        }
    }
}
