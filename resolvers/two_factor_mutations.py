"""Setting up two-factor sign-in, and the security question."""

from app.domain import questions, two_factor
from app.domain.access import SETTING_UP, STEPPED_UP, AccessLevel, Rule
from app.domain.refusals import ErrorCode
from models import AuditAction
from resolvers.context import Info
from resolvers.declare import attribute, form, value
from resolvers.operations import Payload, mutation
from resolvers.signing_in import again
from resolvers.viewers import Viewer

SETTING = Rule(AccessLevel.SESSION, step_up=True, during=SETTING_UP)


@form
class ConfirmTwoFactorSetupInput:
    """A code of the app that was just set up."""

    totp: str


@form
class SetSecurityQuestionInput:
    """A question, and the answer that is asked for in a password reset."""

    question: str
    answer: str


@value
class BeginTwoFactorSetupPayload(Payload):
    """What an authenticator app needs; each only now."""

    otpauth_uri: str | None = None
    qr_code_svg: str | None = attribute(default=None, description="The same as a picture.")
    secret: str | None = attribute(default=None, description="The same to be typed, in base32.")


@value
class ConfirmTwoFactorSetupPayload(Payload):
    """Ten recovery codes, shown this once."""

    me: Viewer | None = None
    recovery_codes: list[str] | None = None


@value
class DisableTwoFactorPayload(Payload):
    """The viewer, without a second factor."""

    me: Viewer | None = None


@value
class RegenerateRecoveryCodesPayload(Payload):
    """Ten new recovery codes, shown this once."""

    recovery_codes: list[str] | None = None


@value
class SetSecurityQuestionPayload(Payload):
    """The viewer, with the question."""

    me: Viewer | None = None


@value
class RemoveSecurityQuestionPayload(Payload):
    """The viewer, without one."""

    me: Viewer | None = None


@value
class TwoFactorMutations:
    """Ways to set up what one signs in with."""

    @mutation(SETTING, AuditAction.USER_TWO_FACTOR_ENABLED)
    async def begin_two_factor_setup(self, info: Info) -> BeginTwoFactorSetupPayload | None:
        """Offer a secret for an authenticator app (RFC 6238); until a code confirms it, the old app goes on working."""
        setup = await two_factor.begin(info.context.viewer)
        return BeginTwoFactorSetupPayload(
            otpauth_uri=setup.uri, qr_code_svg=setup.qr_code, secret=setup.secret
        )

    @mutation(SETTING, AuditAction.USER_TWO_FACTOR_ENABLED, fails=(ErrorCode.INVALID_CODE,))
    async def confirm_two_factor_setup(
        self, info: Info, input: ConfirmTwoFactorSetupInput
    ) -> ConfirmTwoFactorSetupPayload | None:
        """Enrol the app that shows this code; all other sessions end."""
        codes = await two_factor.confirm(info.context.viewer, input.totp)
        return ConfirmTwoFactorSetupPayload(me=await again(info.context), recovery_codes=codes)

    @mutation(STEPPED_UP, AuditAction.USER_TWO_FACTOR_DISABLED)
    async def disable_two_factor(self, info: Info) -> DisableTwoFactorPayload | None:
        """End two-factor sign-in; all other sessions end."""
        await two_factor.disable(info.context.viewer)
        await info.context.prepare()
        found = info.context.found
        return DisableTwoFactorPayload(me=Viewer.of(found) if found else None)

    @mutation(STEPPED_UP, AuditAction.USER_RECOVERY_CODES_REGENERATED)
    async def regenerate_recovery_codes(self, info: Info) -> RegenerateRecoveryCodesPayload | None:
        """Make ten new recovery codes; the old ones die."""
        codes = await two_factor.regenerate(info.context.viewer)
        return RegenerateRecoveryCodesPayload(recovery_codes=codes)

    @mutation(STEPPED_UP, AuditAction.USER_SECURITY_QUESTION_SET)
    async def set_security_question(
        self, info: Info, input: SetSecurityQuestionInput
    ) -> SetSecurityQuestionPayload | None:
        """Choose a question that is asked in a password reset, after the link; never the only proof of anything."""
        await questions.save(info.context.viewer, input.question, input.answer)
        return SetSecurityQuestionPayload(me=await again(info.context))

    @mutation(STEPPED_UP, AuditAction.USER_SECURITY_QUESTION_REMOVED)
    async def remove_security_question(self, info: Info) -> RemoveSecurityQuestionPayload | None:
        """Ask no question any more."""
        await questions.remove(info.context.viewer)
        return RemoveSecurityQuestionPayload(me=await again(info.context))
